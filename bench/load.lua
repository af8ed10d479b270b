-- The load: one request again and again, or the addresses of a file in their order, round and round.
--
--   wrk -s bench/load.lua URL -- METHOD BODY [SEQUENCE]
--
-- At the end it prints what was measured, exactly, on one line.

function init(args)
  wrk.method = args[1]
  if args[2] ~= "" then wrk.body = args[2] end
  if args[3] == nil then return end

  local requests = {}
  for target in io.lines(args[3]) do
    requests[#requests + 1] = wrk.format(nil, target)
  end
  local at = 0
  -- Only a sequence needs this function: without one, wrk formats its request once.
  request = function()
    at = at % #requests + 1
    return requests[at]
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    "measured %d %d %.1f %.1f %d",
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
