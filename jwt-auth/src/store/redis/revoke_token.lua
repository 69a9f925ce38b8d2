-- KEYS: a key that nobody uses, a stream beside it. ARGV: channel, retention, id of an access token.
-- Puts the token on the stream. Returns whether there is a feed.
publish(KEYS[2], ARGV[1], ARGV[2], access_token(ARGV[3]))
return tonumber(ARGV[2]) > 0 and 1 or 0
