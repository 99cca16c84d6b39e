-- Opens the session of a device: the one it had, while that lives, or a new one. What it has received stays. (SPEC SIM2)
--
-- KEYS  1 session (hash: i id, a last active, e expires at, c:<conversation> cursor)
-- ARGV  1 nonce of the request   2 id for a new session   3 now, by the caller's clock   4 milliseconds it lives
--       5 milliseconds that the hash is kept
-- Gives {nonce, KEYS[1], id, 1 if it is the one it had, when it was last active or "0", conversation, cursor, …}
local id, last, expires = unpack(redis.call('HMGET', KEYS[1], 'i', 'a', 'e'))
local now = tonumber(ARGV[3])
local recovered = id and now <= tonumber(expires)
if not recovered then id = ARGV[2] end
local reply = { ARGV[1], KEYS[1], id, 0, last or '0' }
-- A caller whose answer was lost asks again with the same id: what it made itself is not an earlier session.
if recovered and id ~= ARGV[2] then reply[4] = 1 end
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'c:' then
    reply[#reply + 1] = string.sub(fields[i], 3)
    reply[#reply + 1] = fields[i + 1]
  end
end
redis.call('HSET', KEYS[1], 'i', id, 'a', ARGV[3], 'e', string.format('%.0f', now + ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return reply
