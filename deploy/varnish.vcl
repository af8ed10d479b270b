# Varnish in front of airounds: it keeps answers for as long as they say, asks airounds once for what many
# ask for, and goes on with what it has while airounds can't answer.
#
# After a load, what is of another dataset is dropped at once by
#
#   varnishadm ban "obj.http.Dataset-Version != $VERSION"

vcl 4.1;

import std;

backend airounds {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .url = "/readyz";
        .interval = 2s;
        .timeout = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

sub vcl_recv {
    # Tools of models post, and writes are refused by airounds itself.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Exports may be longer than what is kept has room for.
    if (req.url ~ "^/v1/[a-z/]+\.(csv|ndjson|parquet)") {
        return (pass);
    }
    # No answer depends on who asks.
    unset req.http.Cookie;
    unset req.http.Authorization;
    # While airounds is well, a stale answer is given for no longer than answers allow.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 10m;
    }
    return (hash);
}

sub vcl_backend_response {
    # Cache-Control says for how long an answer holds; where airounds is away it goes on for an hour.
    if (beresp.ttl > 0s) {
        set beresp.grace = 1h;
        # A stale one is asked for by its ETag.
        set beresp.keep = 1h;
    }
    if (beresp.status >= 500) {
        # What is kept is better than an error.
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
    }
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
