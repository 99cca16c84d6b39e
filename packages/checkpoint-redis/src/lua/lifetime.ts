/** The whole thread lives `ARGV[4]` milliseconds from its last write on; 0: for ever. */
import { lua } from "../script.ts"

export const lifetime = lua`
local function renew()
  local ttl = tonumber(ARGV[4])
  if ttl == 0 then return end
  redis.call("PEXPIRE", thread, ttl)
  redis.call("PEXPIRE", order, ttl)
end
`
