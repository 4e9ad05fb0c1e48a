-- What becomes of a line before it leaves the node: noise is dropped, secrets are hidden, and the
-- record gets the one form that the index template knows. Fluent Bit runs it with LuaJIT (Lua 5.1).
--
-- No two services can disagree about a field: the known ones are at the top and of one type each,
-- all others are in `data`, which is indexed as it is (`flattened`). So no line is ever refused.

local HIDDEN = "[redacted]"
local DEEPEST = 6 -- levels of `data`; Elasticsearch's limit for `flattened` is 20

local SETTINGS = SETTINGS or { drop_probes = true, secret_fields = {} }

-- Fields at the top, and the names that they have elsewhere.
local TEXTS = {
  timestamp = "timestamp",
  level = "level", severity = "level", levelname = "level",
  logger = "logger",
  service = "service",
  version = "version",
  environment = "environment",
  trace_id = "trace_id", traceId = "trace_id", traceID = "trace_id", otelTraceID = "trace_id",
  span_id = "span_id", spanId = "span_id", spanID = "span_id", otelSpanID = "span_id",
  request_id = "request_id",
  method = "method",
  route = "route",
  path = "path",
  client = "client",
  stream = "stream",
}
local NUMBERS = { status = "status", duration_ms = "duration_ms" }
local MESSAGES = { "event", "message", "msg", "log" }
local IDS = { trace_id = true, span_id = true, request_id = true, timestamp = true }
local POD = {
  "namespace_name", "pod_name", "container_name", "container_image", "host", "labels",
}

local PROBES = { "kube%-probe/", "ELB%-HealthChecker/" }

-- Secrets by the name of their field -------------------------------------------------------------

local ENDS = { "password", "passwd", "passphrase", "pwd" }
local PARTS = {
  "secret", "token", "authorization", "cookie", "credential", "apikey", "privatekey", "signature",
}
local ALONE = { "^[Pp][Aa][Ss][Ss]$", "[_%-%.][Pp][Aa][Ss][Ss]$", "%lPass$" } -- not `compass`
local MOST_NAMES = 2000
local names, count = {}, 0

local function is_secret(name)
  local known = names[name]
  if known ~= nil then return known end
  local plain = string.gsub(string.lower(name), "[^%w]", "")
  local found = false
  for _, ending in ipairs(ENDS) do
    if string.sub(plain, -#ending) == ending then found = true end
  end
  for _, pattern in ipairs(ALONE) do
    if string.find(name, pattern) then found = true end
  end
  for _, part in ipairs(PARTS) do
    if string.find(plain, part, 1, true) then found = true end
  end
  for _, field in ipairs(SETTINGS.secret_fields) do
    if plain == string.gsub(string.lower(field), "[^%w]", "") then found = true end
  end
  -- What was found is kept, but for names that somebody makes up without end.
  if count < MOST_NAMES and #name <= 64 then names[name], count = found, count + 1 end
  return found
end

-- Secrets by what they look like -----------------------------------------------------------------

local function luhn(digits)
  local sum, double = 0, false
  for at = #digits, 1, -1 do
    local digit = string.byte(digits, at) - 48
    if double then
      digit = digit * 2
      if digit > 9 then digit = digit - 9 end
    end
    sum, double = sum + digit, not double
  end
  return sum % 10 == 0
end

-- Card numbers begin with 3 to 6, or with 2 if they have 16 digits: times in ms or ns do not.
local function is_card(digits)
  local first = string.sub(digits, 1, 1)
  if #digits < 13 or #digits > 19 then return false end
  if not (string.find("3456", first, 1, true) or (first == "2" and #digits == 16)) then
    return false
  end
  return luhn(digits)
end

local function hide_card(text)
  local digits = string.gsub(text, "%D", "")
  if is_card(digits) then return HIDDEN end
end

local function hide_long(scheme, value)
  if #value >= 8 and string.find(value, "[%u%d=]") then return scheme .. HIDDEN end
end

local function hide_token(text)
  if #text >= 24 then return HIDDEN end
end

local function hide_key_id(text)
  if #text == 20 then return HIDDEN end
end

local function hide_named(name, joint, value)
  if is_secret(name) and string.find(value, "[redacted", 1, true) ~= 1 then
    return name .. joint .. HIDDEN
  end
end

-- Patterns, each with the plain texts of which one has to be there.
local RULES = {
  { { "PRIVATE KEY" }, "%-%-%-%-%-BEGIN [%u ]*PRIVATE KEY%-%-%-%-%-.-%-%-%-%-%-END [%u ]*PRIVATE KEY%-%-%-%-%-", HIDDEN },
  { { "PRIVATE KEY" }, "%-%-%-%-%-BEGIN [%u ]*PRIVATE KEY%-%-%-%-%-.*", HIDDEN },
  { { "uthorization", "UTHORIZATION" }, "([Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn]\\?[\"']?%s*[:=]%s*\\?[\"']?)([^\"'\\\r\n,}]+)", "%1" .. HIDDEN },
  { { "ookie", "OOKIE" }, "([Cc][Oo][Oo][Kk][Ii][Ee]\\?[\"']?%s*[:=]%s*\\?[\"']?)([^\"'\\\r\n}]+)", "%1" .. HIDDEN },
  { { "earer", "EARER" }, "([Bb][Ee][Aa][Rr][Ee][Rr]%s+)([%w%._~%+/=%-]+)", function(scheme, value)
    if #value >= 8 then return scheme .. HIDDEN end
  end },
  { { "asic", "ASIC" }, "([Bb][Aa][Ss][Ii][Cc]%s+)([%w%+/=]+)", hide_long },
  { { "eyJ" }, "eyJ[%w_%-]+%.[%w_%-]+%.?[%w_%-]*%.?[%w_%-]*%.?[%w_%-]*", hide_token },
  { { "://" }, "(://)[^%s/:@\"']*:[^%s/@\"']+@", "%1" .. HIDDEN .. "@" },
  { { "AKIA", "ASIA" }, "%f[%w]A[KS]IA[%u%d]+%f[%W]", hide_key_id },
  { { "gh" }, "%f[%w]gh[pousr]_%w+", hide_token },
  { { "xox" }, "%f[%w]xox[abeoprs]%-[%w%-]+", HIDDEN },
  { { "_live_", "_test_" }, "%f[%w][rs]k_[lt][ie][vs][et]_%w+", HIDDEN },
  { { "\"", "'" }, "([%w_%-%.]+)(\\?[\"']?%s*[:=]%s*\\?[\"'])([^\"'\\\r\n]+)", hide_named },
  { { "=", ":" }, "([%w_%-%.]+)(\\?[\"']?%s*[:=]%s*\\?[\"']?)([^%s\"'\\,;&}%)%]]+)", hide_named },
}

local GROUP = "%d%d%d%d"
local CARDS = {
  "%f[%w]" .. GROUP .. "[ %-]" .. GROUP .. "[ %-]" .. GROUP .. "[ %-]" .. GROUP .. "%f[%W]",
  "%f[%w]" .. GROUP .. "[ %-]" .. GROUP .. "%d%d[ %-]" .. GROUP .. "%d%f[%W]",
  "%f[%w]%d+%f[%W]",
}

local function clean(text, cards)
  for _, rule in ipairs(RULES) do
    for _, mark in ipairs(rule[1]) do
      if string.find(text, mark, 1, true) then
        text = string.gsub(text, rule[2], rule[3])
        break
      end
    end
  end
  if cards and string.find(text, GROUP) then
    for _, pattern in ipairs(CARDS) do text = string.gsub(text, pattern, hide_card) end
  end
  return text
end

local function cleaned(value, depth)
  local kind = type(value)
  if kind == "string" then return clean(value, true) end
  if kind == "number" and value >= 1e12 and is_card(string.format("%.0f", value)) then
    return HIDDEN
  end
  if kind ~= "table" then return value end
  if depth == 0 then return HIDDEN end
  local result = {}
  for key, inner in pairs(value) do
    if type(key) == "string" and is_secret(key) and inner ~= "" then
      result[key] = HIDDEN
    else
      result[key] = cleaned(inner, depth - 1)
    end
  end
  return result
end

-- The form ---------------------------------------------------------------------------------------

local function is_probe(record, message)
  local agent = record.user_agent or record.http_user_agent
  for _, pattern in ipairs(PROBES) do
    if type(message) == "string" and string.find(message, pattern) then return true end
    if type(agent) == "string" and string.find(agent, pattern) then return true end
  end
  return false
end

local function take_message(record)
  for _, name in ipairs(MESSAGES) do
    local value = record[name]
    if type(value) == "string" then
      record[name] = nil
      return value
    end
  end
end

-- W3C's header, where a line has that and no ids: 00-<trace>-<span>-<flags>.
local function ids_of(parent)
  if type(parent) ~= "string" then return end
  return string.match(parent, "^%x%x%-(%x+)%-(%x+)%-%x%x$")
end

local function pod_of(given)
  if type(given) ~= "table" then return nil end
  local pod = {}
  for _, name in ipairs(POD) do pod[name] = given[name] end
  return pod
end

function shape(_, time, record)
  local pod = pod_of(record.kubernetes)
  -- `time` is the runtime's: the record has it already
  record.kubernetes, record._p, record.logtag, record.time = nil, nil, nil, nil
  local message = take_message(record)
  if SETTINGS.drop_probes and is_probe(record, message) then return -1, time, record end

  local made, data, more = {}, {}, false
  local trace_id, span_id = ids_of(record.traceparent)
  made.trace_id, made.span_id = trace_id, span_id
  for name, value in pairs(record) do
    local text, number = TEXTS[name], NUMBERS[name]
    if text and type(value) ~= "table" then
      if value ~= "" then made[text] = clean(tostring(value), not IDS[text]) end
    elseif number and tonumber(value) then
      made[number] = tonumber(value)
    elseif is_secret(tostring(name)) and value ~= "" then
      data[name], more = HIDDEN, true
    else
      data[name], more = cleaned(value, DEEPEST), true
    end
  end
  if made.level then made.level = string.lower(made.level) end
  made.message = message and clean(message, true)
  made.kubernetes = pod
  if more then made.data = data end
  -- 2: the record is another, its time is not
  return 2, time, made
end
