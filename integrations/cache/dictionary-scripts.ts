/**
 * A location's dictionaries in Redis. Under `lw:d:@location` stands a table: `kind` → the number in force, `kind:number` → the hash of its
 * content, `kind!` → who retrains it and until when, and `!` → a mark that is new after each erasure. The content lies under `lw:d:` and its
 * hash. Under `lw:d:=` stands when something last changed at any location, for whoever looks whether to look again.
 */
export const TABLE = 'lw:d:@';
const CONTENT = 'lw:d:';
export const CHANGES = 'lw:d:=';

const FIRST_OWN = 16;
const OWN_NUMBERS = 240;

const PRELUDE = `
local tableKey, changes, content = KEYS[1], KEYS[2], '${CONTENT}'
local function longer(key, ms) if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end end
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
-- Never what it was before, even where it was lost meanwhile.
local function changed()
  local time = redis.call('TIME')
  redis.call('SET', changes, time[1] .. '.' .. time[2])
end
`;

/** kind → the mark, the number in force, and number, hash, number, hash … Who has a content at hand that Redis lost gives it again. */
const LIST = `
local kind = ARGV[1]
local all = redis.call('HGETALL', tableKey)
local found = { redis.call('HGET', tableKey, '!') or '', redis.call('HGET', tableKey, kind) or '0' }
for at = 1, #all, 2 do
  local number = string.match(all[at], '^' .. string.gsub(kind, '%-', '%%-') .. ':(%d+)$')
  if number then
    table.insert(found, number)
    table.insert(found, all[at + 1])
  end
end
return found
`;

/** kind, number → hash, content, and how many ms it has left; nil where there is none. */
const FETCH = `
local hash = redis.call('HGET', tableKey, ARGV[1] .. ':' .. ARGV[2])
local bytes = hash and redis.call('GET', content .. hash)
return bytes and { hash, bytes, redis.call('PTTL', content .. hash) }
`;

/** kind, token, mark, ms → 1: ours · 0: somebody else's · the mark that is now, where it is not the given one. */
const LOCK = `
local kind, token, mark = ARGV[1], ARGV[2], ARGV[3]
local marked = redis.call('HGET', tableKey, '!') or ''
if marked ~= mark then return marked end
local held = redis.call('HGET', tableKey, kind .. '!')
local untilMs = held and tonumber(string.match(held, ':(%d+)$'))
if untilMs and untilMs > nowMs() then return 0 end
redis.call('HSET', tableKey, kind .. '!', token .. ':' .. string.format('%d', nowMs() + tonumber(ARGV[4])))
longer(tableKey, tonumber(ARGV[4]))
return 1
`;

const HELD = `
local function holds(kind, token)
  local held = redis.call('HGET', tableKey, kind .. '!')
  return held and string.match(held, '^(.*):%d+$') == token
end
`;

const RELEASE = `
${HELD}
if holds(ARGV[1], ARGV[2]) then redis.call('HDEL', tableKey, ARGV[1] .. '!') end
return 1
`;

/** kind, token, hash, ms, first number to try, content → its number; 0 where the lock was lost or no number is free. */
const ADOPT = `
${HELD}
local kind, hash, ms = ARGV[1], ARGV[3], tonumber(ARGV[4])
if not holds(kind, ARGV[2]) then return 0 end
redis.call('HDEL', tableKey, kind .. '!')
for step = 0, ${OWN_NUMBERS - 1} do
  local number = ${FIRST_OWN} + (tonumber(ARGV[5]) + step) % ${OWN_NUMBERS}
  local taken = redis.call('HGET', tableKey, kind .. ':' .. number)
  if not taken or redis.call('EXISTS', content .. taken) == 0 then
    redis.call('SET', content .. hash, ARGV[6], 'PX', ms)
    redis.call('HSET', tableKey, kind .. ':' .. number, hash, kind, number)
    longer(tableKey, ms)
    changed()
    return number
  end
end
return 0
`;

/** kind, number, hash, ms → 1: kept for so long · 2: its content is gone, give it again · 0: it is no longer of this location. */
const RENEW = `
local ms = tonumber(ARGV[4])
if redis.call('HGET', tableKey, ARGV[1] .. ':' .. ARGV[2]) ~= ARGV[3] then return 0 end
longer(tableKey, ms)
if redis.call('EXISTS', content .. ARGV[3]) == 0 then
  if not ARGV[5] then return 2 end
  redis.call('SET', content .. ARGV[3], ARGV[5], 'PX', ms)
end
longer(content .. ARGV[3], ms)
return 1
`;

/** new mark, ms for which it stands → 1 */
const FORGET = `
local all = redis.call('HGETALL', tableKey)
for at = 1, #all, 2 do
  if string.find(all[at], ':', 1, true) then redis.call('DEL', content .. all[at + 1]) end
end
redis.call('DEL', tableKey)
redis.call('HSET', tableKey, '!', ARGV[1])
redis.call('PEXPIRE', tableKey, tonumber(ARGV[2]))
changed()
return 1
`;

const scripts = { list: LIST, fetch: FETCH, lock: LOCK, release: RELEASE, adopt: ADOPT, renew: RENEW, forget: FORGET };
export type DictionaryScript = keyof typeof scripts;

export const dictionaryScript = (name: DictionaryScript): string => PRELUDE + scripts[name];
