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
--       "a <prev>"     appended, right behind it      "f"  fenced
--       "d <cursor>"   the append before was the same one      "n"  no such conversation
-- Lua hashes every byte of every text that it makes: long ones are made once, and the answer says what the caller cannot know.
local nonce = ARGV[1]
local state = redis.call('HGET', KEYS[2], 's')
if not state then return 'n ' .. nonce .. ' ' .. KEYS[2] end
local owner, prev, seq = string.match(state, '^(%S+) ((%d+)%S+)')
if owner ~= ARGV[2] then
  if owner ~= ARGV[3] then return 'f ' .. nonce .. ' ' .. KEYS[2] end
  -- A repeat of the owner's last append finds the count already moved on by one. That append's place stands third, where
  -- somebody else has appended since.
  return 'd ' .. (string.match(state, '^%S+ %S+ (%S+)') or prev) .. ' ' .. nonce .. ' ' .. KEYS[2]
end
local id
for i = 6, #ARGV do
  id = string.format('%d-%s', seq + i - 5, nonce)
  redis.call('XADD', KEYS[1], id, 'b', ARGV[i])
end
redis.call('HSET', KEYS[2], 's', ARGV[3] .. ' ' .. id)
local text
if #ARGV == 6 then
  text = ARGV[5] .. prev .. '\n' .. nonce .. '\n' .. ARGV[6]
else
  ARGV[5] = ARGV[5] .. prev .. '\n' .. nonce
  text = table.concat(ARGV, '\n', 5)
end
redis.call('SPUBLISH', ARGV[4], text)
return 'a ' .. prev .. ' ' .. nonce .. ' ' .. KEYS[2]
