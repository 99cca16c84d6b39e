/** The rights that docs/redis.md tells operators to give: a test compares the two. */
export const aclRule =
  "~everthread:* &everthread:* -@all +@read +@write +@pubsub +@connection +@scripting -@dangerous +time +wait +role +info +cluster|nodes +cluster|shards"

/** The same for the users that sentinels have. */
export const sentinelAclRule =
  "&+switch-master -@all +@connection +subscribe +sentinel|master +sentinel|masters +sentinel|sentinels +sentinel|get-master-addr-by-name"
