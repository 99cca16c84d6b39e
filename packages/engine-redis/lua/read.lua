-- A log's tail from a cursor, and its head, from one moment. (SPEC LOG6, LIN1)
--
-- KEYS  1 log (stream)   2 meta (hash)
-- ARGV  1 nonce of the request   2 seq of the cursor, or "" where it is none   3 its nonce, a whole number, or ""
--       4 most entries           5 most characters of bodies, the first entry aside
-- Gives {nonce, KEYS[2], status, head, …}:
--       "t", head, id, body, id, body …   the tail, or its beginning
--       "s", head                         older than what is kept: go on from the snapshot
--       "x", head                         of another history
--       "n", ""                           no such conversation
local found = redis.call('HMGET', KEYS[2], 's', 't')
if not found[1] then return { ARGV[1], KEYS[2], 'n', '' } end
local head, headSeq = string.match(found[1], '^%S+ ((%d+)%-%d+)')
local trimmed, trimmedSeq = found[2] or '0-0', 0
if found[2] then trimmedSeq = tonumber(string.match(found[2], '^%d+')) end
headSeq = tonumber(headSeq)

local reply = { ARGV[1], KEYS[2], 't', head }
local function say(status)
  reply[3] = status
  return reply
end

local seq = tonumber(ARGV[2])
if not seq or seq > headSeq then return say('x') end
if seq < trimmedSeq then return say('s') end
local after = ARGV[2] .. '-' .. ARGV[3]
if seq == trimmedSeq then
  if after ~= trimmed then return say('x') end
elseif ARGV[3] == '' or #redis.call('XRANGE', KEYS[1], after, after) == 0 then
  return say('x')
end

local entriesMax, charsMax, chars = tonumber(ARGV[4]), tonumber(ARGV[5]), 0
local from, given = '(' .. after, 0
-- In pieces, so that a page of long bodies does not first read all those that will not fit.
while given < entriesMax do
  local piece = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', math.min(32, entriesMax - given))
  for _, entry in ipairs(piece) do
    chars = chars + #entry[2][2]
    if given > 0 and chars > charsMax then return reply end
    given = given + 1
    reply[#reply + 1] = entry[1]
    reply[#reply + 1] = entry[2][2]
  end
  if #piece < 32 then return reply end
  from = '(' .. piece[#piece][1]
end
return reply
