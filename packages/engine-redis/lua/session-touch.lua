-- Keeps a session alive and notes what its device has received; one that was never opened stays unmade. (SPEC SIM2, SIM3)
--
-- KEYS  1 session (hash)
-- ARGV  1 nonce of the request   2 now, by the caller's clock   3 milliseconds it lives
--       4 milliseconds that the hash is kept   5… conversation, cursor
-- Gives {nonce, KEYS[1], 1 if there is such a session, else 0}
if redis.call('EXISTS', KEYS[1]) == 0 then return { ARGV[1], KEYS[1], 0 } end
local fields = { 'a', ARGV[2], 'e', string.format('%.0f', ARGV[2] + ARGV[3]) }
for i = 5, #ARGV, 2 do
  fields[#fields + 1] = 'c:' .. ARGV[i]
  fields[#fields + 1] = ARGV[i + 1]
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { ARGV[1], KEYS[1], 1 }
