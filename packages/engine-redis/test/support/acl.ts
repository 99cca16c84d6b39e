/** The rights that docs/redis.md tells operators to give: a test compares the two. */
export const aclRule =
  "~everthread:* &everthread:* -@all +@read +@write +@pubsub +@connection +@scripting -@dangerous +time +wait +role +info +cluster|nodes +cluster|shards"
