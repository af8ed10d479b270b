// Scales: from numbers and dates to pixels, and the round values to mark on an axis.

const FEW = 3;

/** A scale by distance. */
export function linear([from, to], [start, end]) {
  const at = (value) => start + ((value - from) / (to - from || 1)) * (end - start);
  return { at, ticks: (some) => linearTicks(from, to, some) };
}

/** A scale by ratio, for values above 0. */
export function log([from, to], range) {
  const inner = linear([Math.log10(from), Math.log10(to)], range);
  return { at: (value) => inner.at(Math.log10(value)), ticks: () => decades(from, to) };
}

/** The first moment that a partial date may mean, as a number. */
export const moment = (text) => Date.parse(`${text.padEnd(10, "-01")}T00:00Z`);

/** The beginnings of years between two moments; where these are few, of half years. */
export function years(from, to) {
  const found = [];
  for (let year = new Date(from).getUTCFullYear(); year <= new Date(to).getUTCFullYear() + 1; year += 1) {
    for (const month of [0, 6]) found.push({ at: Date.UTC(year, month), label: month ? "" : String(year) });
  }
  return found.filter(({ at }) => at >= from && at <= to);
}

function linearTicks(from, to, some) {
  const rough = (to - from) / some;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const found = [];
  for (let value = Math.ceil(from / step) * step; value <= to; value += step) found.push(value);
  return found;
}

/** The powers of ten between two values; where these are few, also their twofold and fivefold. */
function decades(from, to) {
  const powers = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power += 1) powers.push(10 ** power);
  const between = (factors) =>
    powers
      .flatMap((power) => factors.map((factor) => factor * power))
      .filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
  const tens = between([1]);
  return tens.length < FEW ? between([1, 2, 5]) : tens;
}
