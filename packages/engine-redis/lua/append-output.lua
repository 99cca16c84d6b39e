-- A run's output: append under a fence, and nothing else. The cheap path, taken by every token. (SPEC LOG3, RUN2)
--
-- KEYS  1 log (stream)   2 meta (hash)
-- ARGV  1 nonce of the append
--       2 owner it needs: "<fence number>:<fence nonce>:<n>"
--       3 owner it becomes, with n + 1
--       4 channel of the partition
--       5 the published text's first lines: conversation, then flags
--       6… bodies
-- Gives one text, ending with " <ARGV[1]> <KEYS[2]>" so that the caller sees whose answer it is:
--       "a <prev> <last seq>"  appended      "f"  fenced
--       "d <cursor>"           the append before was the same one      "n"  no such conversation
local mine = ' ' .. ARGV[1] .. ' ' .. KEYS[2]
local state = redis.call('HGET', KEYS[2], 's')
if not state then return 'n' .. mine end
local owner, prev, seq, last = string.match(state, '^(%S+) ((%d+)%-%d+) ?(%S*)')
if owner ~= ARGV[2] then
  -- A repeat of the owner's last append finds the count already moved on by one.
  if owner == ARGV[3] then return 'd ' .. (last ~= '' and last or prev) .. mine end
  return 'f' .. mine
end
local nonce = ARGV[1]
local id
for i = 6, #ARGV do
  seq = seq + 1
  id = seq .. '-' .. nonce
  redis.call('XADD', KEYS[1], id, 'b', ARGV[i])
end
redis.call('HSET', KEYS[2], 's', ARGV[3] .. ' ' .. id)
redis.call('SPUBLISH', ARGV[4], ARGV[5] .. prev .. '\n' .. nonce .. '\n' .. table.concat(ARGV, '\n', 6))
return 'a ' .. prev .. ' ' .. seq .. mine
