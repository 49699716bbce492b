#include "hostile_values.h"

#include <algorithm>
#include <limits>

#include "core/time.h"
#include "kql/evaluate.h"
#include "kql/json_text.h"

namespace redoubt::query {

namespace {

using kql::Type;
using kql::Value;
using namespace std::string_literals;

constexpr std::int64_t kLongMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLongMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLastTick = 3'155'378'975'999'999'999;
constexpr std::int64_t kSomeTime = 638'400'123'456'789'012;

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> kTexts = {"",
                                                  " ",
                                                  "a",
                                                  "A",
                                                  "alpha",
                                                  "ALPHA",
                                                  "Alpha beta-gamma",
                                                  "beta",
                                                  "al",
                                                  "pha",
                                                  "x",
                                                  "0",
                                                  "1",
                                                  "-1",
                                                  "404",
                                                  " 42 ",
                                                  "\t7\n",
                                                  "+5",
                                                  "-0",
                                                  "00012",
                                                  "0x1F",
                                                  "0X1f",
                                                  "-0x10",
                                                  "0xFFFFFFFFFFFFFFFF",
                                                  "0xg",
                                                  "9223372036854775807",
                                                  "9223372036854775808",
                                                  "-9223372036854775808",
                                                  "2147483648",
                                                  "1.5",
                                                  "-2.25",
                                                  "1e3",
                                                  "1E400",
                                                  "1e-400",
                                                  ".5",
                                                  "5.",
                                                  "nan",
                                                  "NaN",
                                                  "inf",
                                                  "-Infinity",
                                                  "1_000",
                                                  "true",
                                                  "TRUE",
                                                  "false",
                                                  "2",
                                                  "null",
                                                  "NULL",
                                                  "\\N",
                                                  "\"quoted\"",
                                                  "'",
                                                  "''",
                                                  "\\",
                                                  "\\'",
                                                  "a\\",
                                                  "`",
                                                  "{x:String}",
                                                  "{x}",
                                                  "?",
                                                  "-- x",
                                                  "/* y */ z",
                                                  "a;b",
                                                  "a\nb",
                                                  "a\r\nb",
                                                  "a\tb",
                                                  "nul\0mid"s,
                                                  "\0"s,
                                                  "100%",
                                                  "a_b",
                                                  "%",
                                                  "$1",
                                                  "(a|b)",
                                                  "[a",
                                                  "a.c",
                                                  "abc",
                                                  "\xC3\xA9t\xC3\xA9",
                                                  "\xC3\x89T\xC3\x89",
                                                  "e\xCC\x81t",
                                                  "stra\xC3\x9F"
                                                  "e",
                                                  "STRASSE",
                                                  "\xC4\xB0stanbul",
                                                  "istanbul",
                                                  "\xC4\xB1",
                                                  "I",
                                                  "\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82",
                                                  "\xCE\xA3\xCE\x8A\xCE\xA3\xCE\xA5\xCE\xA6\xCE\x9F\xCE\xA3",
                                                  "\xE2\x84\xAA"
                                                  "elvin",
                                                  "kelvin",
                                                  "\xC5\xBF"
                                                  "s",
                                                  "ss",
                                                  "\xC7\x85",
                                                  "\xC7\x84",
                                                  "\xEF\xBC\xA1",
                                                  "\xEF\xBD\x81",
                                                  "\xF0\x90\x90\x80",
                                                  "\xF0\x90\x90\xA8",
                                                  "\xF0\x9F\x98\x80 smile",
                                                  "caf\xC3\xA9 alpha",
                                                  "alpha\xC3\xA9",
                                                  "\xC3\xA9"
                                                  "alpha",
                                                  "alpha\xE2\x80\x93"
                                                  "beta",
                                                  "\xE6\x97\xA5\xE6\x9C\xAC",
                                                  "alpha\xCC\x81",
                                                  "\xEF\xBB\xBF"
                                                  "bom",
                                                  "{\"a\":1}",
                                                  "{\"a\": {\"b\": [1, 2.50, \"x\"]}}",
                                                  "[1,2",
                                                  "{\"a\":\"\\u00e9\"}",
                                                  "10.0.0.4",
                                                  "2024-01-31",
                                                  "2024-02-30",
                                                  "2024-01-31T10:20:30.1234567Z",
                                                  "31/12/2023",
                                                  "1.02:03:04.5",
                                                  "2h",
                                                  "-1.00:00:00",
                                                  "74be27de-1e4e-49d9-b579-fe0b331d3642",
                                                  "74BE27DE1E4E49D9B579FE0B331D3642",
                                                  "{74be27de-1e4e-49d9-b579-fe0b331d3642}",
                                                  "user@contoso.com",
                                                  "C:\\Windows\\System32\\cmd.exe",
                                                  "https://a.example/x?y=1&z=%20",
                                                  "a,b,,c",
                                                  ",",
                                                  "aXbXc",
                                                  "one two  three"};
  return kTexts;
}

std::vector<Value> texts() {
  std::vector<Value> out;
  for (const std::string& text : hostile_texts())
    out.push_back(Value::of_string(text));
  return out;
}

std::vector<Value> longs() {
  std::vector<Value> out{Value::null(Type::Long)};
  for (const std::int64_t one : {std::int64_t{0},
                                 std::int64_t{1},
                                 std::int64_t{-1},
                                 std::int64_t{2},
                                 std::int64_t{7},
                                 std::int64_t{-7},
                                 std::int64_t{10},
                                 std::int64_t{404},
                                 std::int64_t{2'147'483'647},
                                 std::int64_t{2'147'483'648},
                                 std::int64_t{-2'147'483'648},
                                 std::int64_t{-2'147'483'649},
                                 (std::int64_t{1} << 53) + 1,
                                 std::int64_t{4'294'967'296},
                                 kLongMax,
                                 kLongMax - 1,
                                 kLongMin,
                                 kLongMin + 1,
                                 std::int64_t{1'700'000'000},
                                 std::int64_t{62'135'596'800},
                                 std::int64_t{-62'135'596'801},
                                 std::int64_t{253'402'300'800}})
    out.push_back(Value::of_long(one));
  return out;
}

std::vector<Value> ints() {
  std::vector<Value> out{Value::null(Type::Int)};
  for (const std::int32_t one : {0, 1, -1, 2, 5, -5, 404, std::numeric_limits<std::int32_t>::max(),
                                 std::numeric_limits<std::int32_t>::min()})
    out.push_back(Value::of_int(one));
  return out;
}

std::vector<Value> reals() {
  using Limits = std::numeric_limits<double>;
  std::vector<Value> out{Value::null(Type::Real)};
  for (const double one : {0.0,
                           -0.0,
                           1.0,
                           -1.0,
                           0.5,
                           -0.5,
                           1.5,
                           2.5,
                           -2.5,
                           0.1,
                           1e-7,
                           1e15,
                           1e16,
                           1e17,
                           123456789.125,
                           9007199254740993.0,
                           9.2233720368547758e18,
                           -9.2233720368547758e18,
                           2147483648.0,
                           2147483647.5,
                           1e300,
                           -1e300,
                           Limits::max(),
                           Limits::denorm_min(),
                           Limits::infinity(),
                           -Limits::infinity(),
                           Limits::quiet_NaN()})
    out.push_back(Value::of_real(one));
  return out;
}

std::vector<Value> datetimes() {
  std::vector<Value> out{Value::null(Type::DateTime)};
  for (const std::int64_t one :
       {std::int64_t{0}, std::int64_t{1}, kTicksPerDay - 1, kLastTick, kLastTick - 1, kSomeTime,
        kSomeTime + 1, kSomeTime + kTicksPerDay, std::int64_t{621'355'968'000'000'000},
        std::int64_t{621'355'967'999'999'999}, std::int64_t{599'266'080'000'000'000},
        std::int64_t{599'266'079'999'999'999}, std::int64_t{725'485'248'000'000'000},
        std::int64_t{638'448'478'000'000'000}, std::int64_t{633'980'736'000'000'000}})
    out.push_back(Value::of_datetime(one));
  return out;
}

std::vector<Value> timespans() {
  std::vector<Value> out{Value::null(Type::Timespan)};
  for (const std::int64_t one :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, kTicksPerSecond, -kTicksPerSecond, kTicksPerDay,
        -kTicksPerDay, kTicksPerHour * 25 + 1, -kTicksPerHour * 25 - 1, std::int64_t{9'999'999}, kLongMax,
        kLongMin, kLongMin + 1, kLongMax - 1})
    out.push_back(Value::of_timespan(one));
  return out;
}

std::vector<Value> guids() {
  std::vector<Value> out{Value::null(Type::Guid)};
  for (const char* const one :
       {"00000000-0000-0000-0000-000000000000", "74be27de-1e4e-49d9-b579-fe0b331d3642",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "04be27de-1e4e-49d9-b579-fe0b331d3642"})
    out.push_back(kql::convert(Value::of_string(one), Type::Guid));
  return out;
}

std::vector<Value> dynamics() {
  std::vector<Value> out{Value::null(Type::Dynamic)};
  const std::string deep = std::string(200, '[') + "1" + std::string(200, ']');
  for (const std::string_view one :
       std::initializer_list<std::string_view>{"0",
                                               "1",
                                               "-7",
                                               "9223372036854775807",
                                               "-9223372036854775808",
                                               "9223372036854775808",
                                               "1.5",
                                               "-0.0",
                                               "1e300",
                                               "1e-9",
                                               "12345678901234567890123",
                                               "true",
                                               "false",
                                               "\"\"",
                                               "\"alpha\"",
                                               "\"42\"",
                                               "\" 42 \"",
                                               "\"1.5\"",
                                               "\"true\"",
                                               "\"null\"",
                                               "\"a\\\"b\\\\c\\n\"",
                                               "\"\\u0000\"",
                                               "\"\\u00e9\\ud83d\\ude00\"",
                                               "\"\\ud800\"",
                                               "\"2024-01-31T10:20:30Z\"",
                                               "\"[1,2]\"",
                                               "\"{\\\"a\\\":1}\"",
                                               "[]",
                                               "{}",
                                               "[null]",
                                               "[1,2,3]",
                                               "[\"a\",\"b\",\"alpha\"]",
                                               "[1,\"a\",null,true,2.5,{\"a\":1},[2]]",
                                               "[[1,2],[3]]",
                                               "{\"a\":1}",
                                               "{\"a\":null}",
                                               "{\"a\":\"alpha\",\"b\":{\"a\":[1,2,{\"a\":\"deep\"}]}}",
                                               "{\"a\":1,\"a\":2}",
                                               "{\"A\":1,\"a\":\"lower\"}",
                                               "{\"\":5}",
                                               "{\"a.b\":1,\"a\":{\"b\":2}}",
                                               "{\"a'b\":1,\"a`b\":2,\"a\\\\b\":3,\"a\\\"b\":4}",
                                               "{\"\\u00e9\":1,\"\\n\":2}",
                                               "{\"0\":\"zero\",\"1\":\"one\"}",
                                               "{\"a\":true,\"b\":false,\"c\":1.50,\"d\":[],\"e\":{}}",
                                               "[{\"a\":1.0},{\"a\":[2.50,-0.0]}]",
                                               "{\"a\":{\"b\":100.0,\"c\":\"10.0.0.0,1.0\"}}",
                                               "{\"a\":\"\\u2028/\\u001f\\u007f\\b\"}",
                                               "[{\"a\":\"x\"},{\"a\":\"y\"}]",
                                               "{\"a\":[\"x\",\"y\"]}",
                                               "{\"a\":\"[1,2]\"}",
                                               "{\"a\":1e400}",
                                               "{\"a\":18446744073709551615}"}) {
    out.push_back(Value::of_dynamic(kql::normalize_json(one).value_or("null")));
  }
  out.push_back(Value::of_dynamic(deep));
  return out;
}

}  // namespace

const std::vector<Value>& hostile_values(Type type) {
  static const std::vector<Value> kBools = {Value::null(Type::Bool), Value::of_bool(true),
                                            Value::of_bool(false)};
  static const std::vector<Value> kInts = ints();
  static const std::vector<Value> kLongs = longs();
  static const std::vector<Value> kReals = reals();
  static const std::vector<Value> kTexts = texts();
  static const std::vector<Value> kTimes = datetimes();
  static const std::vector<Value> kSpans = timespans();
  static const std::vector<Value> kGuids = guids();
  static const std::vector<Value> kDynamics = dynamics();
  switch (type) {
    case Type::Bool:
      return kBools;
    case Type::Int:
      return kInts;
    case Type::Long:
      return kLongs;
    case Type::Real:
      return kReals;
    case Type::DateTime:
      return kTimes;
    case Type::Timespan:
      return kSpans;
    case Type::Guid:
      return kGuids;
    case Type::Dynamic:
      return kDynamics;
    default:
      return kTexts;
  }
}

std::string text_literal(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<std::size_t>(c) >> 4U];
      out += kHex[static_cast<std::size_t>(c) & 15U];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string literal_of(const Value& value) {
  const std::string text = value.is_null() ? "null" : kql::to_text(value);
  switch (value.type()) {
    case Type::String:
      return text_literal(value.as_string());
    case Type::Int:
      return "int(" + text + ")";
    case Type::Long:
      return "long(" + text + ")";
    case Type::Real:
      return "real(" +
             (text == "Infinity"    ? "+inf"
              : text == "-Infinity" ? "-inf"
              : text == "NaN"       ? "nan"
                                    : text) +
             ")";
    case Type::DateTime:
      return "datetime(" + text + ")";
    case Type::Timespan:
      return value.is_null() ? "timespan(null)" : "totimespan(" + text_literal(text) + ")";
    case Type::Guid:
      return "guid(" + text + ")";
    case Type::Dynamic:
      return "dynamic(" + (value.is_null() ? "null" : value.json()) + ")";
    default:
      return "bool(" + text + ")";
  }
}

namespace {

struct Letter {
  char letter;
  Type type;
};
constexpr Letter kLetters[] = {{'b', Type::Bool},     {'i', Type::Int},    {'l', Type::Long},
                               {'r', Type::Real},     {'s', Type::String}, {'d', Type::DateTime},
                               {'n', Type::Timespan}, {'g', Type::Guid},   {'j', Type::Dynamic}};

}  // namespace

Type type_of_letter(char letter) {
  for (const Letter& row : kLetters)
    if (row.letter == letter) return row.type;
  return Type::Unknown;
}

void add_hostile_table(std::uint64_t seed, std::size_t rows, MemoryTables& out) {
  std::mt19937_64 engine(seed);
  std::vector<std::pair<std::string, Type>> columns{{"row", Type::Long}};
  std::vector<Cells> cells(1);
  for (std::size_t row = 0; row < rows; ++row)
    cells[0].push_back(Value::of_long(static_cast<std::int64_t>(row)));
  for (const Letter& letter : kLetters)
    for (const char number : {'1', '2'}) {
      columns.emplace_back(std::string{letter.letter, number}, letter.type);
      const std::vector<Value>& values = hostile_values(letter.type);
      Cells& made = cells.emplace_back();
      for (std::size_t row = 0; row < rows; ++row)
        made.push_back(
            values[number == '1' ? row % values.size() : static_cast<std::size_t>(engine() % values.size())]);
    }
  out.add("Hostile", columns, std::move(cells));
}

const std::vector<ExpressionTemplate>& expression_templates() {
  static const std::vector<ExpressionTemplate> kTemplates = [] {
    std::vector<ExpressionTemplate> out = {
        {'b', "($b and $b)"},
        {'b', "($b or $b)"},
        {'b', "not($b)"},
        {'b', "isnull($b)"},
        {'b', "($b == $b)"},
        {'b', "($b != $b)"},
        {'b', "tobool($s)"},
        {'b', "tobool($l)"},
        {'b', "tobool($i)"},
        {'b', "tobool($r)"},
        {'b', "tobool($j)"},
        {'b', "isnull($l)"},
        {'b', "isnotnull($r)"},
        {'b', "isnull($j)"},
        {'b', "isnotnull($j)"},
        {'b', "isnull($s)"},
        {'b', "isempty($s)"},
        {'b', "isnotempty($j)"},
        {'b', "isempty($l)"},
        {'b', "isempty($g)"},
        {'b', "isnotempty($d)"},
        {'b', "isnan($r)"},
        {'b', "isinf($r)"},
        {'b', "isfinite($r)"},
        {'b', "isnan($l)"},
        {'b', "isinf($l)"},
        {'b', "isfinite($l)"},
        {'b', "($l == $r)"},
        {'b', "($l < $r)"},
        {'b', "($i >= $l)"},
        {'b', "($r != $i)"},
        {'b', "($l == #r)"},
        {'b', "($r <= #l)"},
        {'b', "($l > #l)"},
        {'b', "($d >= #d)"},
        {'b', "($d < #d)"},
        {'b', "($d == #d)"},
        {'b', "($n > #n)"},
        {'b', "($g == #g)"},
        {'b', "($g != $g)"},
        {'b', "($s == $s)"},
        {'b', "($s == #s)"},
        {'b', "($s != #s)"},
        {'b', "($s != $s)"},
        {'b', "($j == #s)"},
        {'b', "($j != #s)"},
        {'b', "($j == #l)"},
        {'b', "($j != #l)"},
        {'b', "($j > #l)"},
        {'b', "($j <= #r)"},
        {'b', "($j == #r)"},
        {'b', "($j == #b)"},
        {'b', "($j == $s)"},
        {'b', "($j == $l)"},
        {'b', "($j < $r)"},
        {'b', "($j == $j)"},
        {'b', "($j == #d)"},
        {'b', "($j == #g)"},
        {'b', "($l in (#l, #l, #l))"},
        {'b', "($l !in (#l, #l))"},
        {'b', "($s in (#s, #s, #s))"},
        {'b', "($s in (#l, #l, #l))"},
        {'b', "($s !in (#r, #r))"},
        {'b', "($s in (#b))"},
        {'b', "($s == #l)"},
        {'b', "($s != $l)"},
        {'b', "($i == $s)"},
        {'b', "($s == #r)"},
        {'b', "($r != $s)"},
        {'b', "($s == $b)"},
        {'b', "($s !in (#s, #s))"},
        {'b', "($s in~ (#s, #s, #s))"},
        {'b', "($s !in~ (#s, #s))"},
        {'b', "($j in (#s, #s))"},
        {'b', "($j in (#l, #l))"},
        {'b', "($j in~ (#s, #s))"},
        {'b', "($r in (#r, #r))"},
        {'b', "($l in (#r, #l))"},
        {'b', "($i in (#l, #i))"},
        {'b', "($d in (#d, #d))"},
        {'b', "($g in (#g, #g))"},
        {'b', "($n in (#n, #n))"},
        {'b', "($b in (#b))"},
        {'b', "($s in (#j))"},
        {'b', "($l in (#j))"},
        {'b', "($l in~ (#l))"},
        {'b', "($g in (#s, #s))"},
        {'b', "($l between (#l .. #l))"},
        {'b', "($l between ($l .. $l))"},
        {'b', "($l !between ($l .. #l))"},
        {'b', "($d between (#d .. #d))"},
        {'b', "($d between ($d .. #n))"},
        {'b', "($d !between ($d .. $d))"},
        {'b', "($r between (#r .. $r))"},
        {'b', "($n between (#n .. #n))"},
        {'b', "($r between ($l .. #i))"},
        {'b', "($s has_any (#s, #s))"},
        {'b', "($s has_all (#s, #s))"},
        {'b', "($j has_any (#s, #s))"},
        {'b', "($s has_any (#j))"},
        {'b', "($s matches regex @'^a.*')"},
        {'b', "($s matches regex @'(?i)ALPHA|\\d+')"},
        {'b', "($s matches regex @'^\\s*$')"},
        {'b', "($s matches regex @'\\bbeta\\b')"},
        {'b', "($s matches regex @'[^\\x00-\\x7F]')"},
        {'b', "($s matches regex @'a.b')"},
        {'b', "($s matches regex @'^.$')"},
        {'b', "($j matches regex @'a')"},
        {'b', "($s matches regex @'\\p{L}$')"},
        {'l', "$i"},
        {'l', "($l + $l)"},
        {'l', "($l - $i)"},
        {'l', "($l * $l)"},
        {'l', "($l / $l)"},
        {'l', "($l % $l)"},
        {'l', "($l / #l)"},
        {'l', "($l % #l)"},
        {'l', "($i * $i)"},
        {'l', "($i + $i)"},
        {'l', "($i / $i)"},
        {'l', "($i % #i)"},
        {'l', "(-$l)"},
        {'i', "(-$i)"},
        {'l', "abs($l)"},
        {'l', "abs($i)"},
        {'l', "tolong($s)"},
        {'l', "tolong($r)"},
        {'l', "tolong($b)"},
        {'l', "tolong($d)"},
        {'l', "tolong($n)"},
        {'l', "tolong($j)"},
        {'i', "toint($s)"},
        {'i', "toint($l)"},
        {'i', "toint($r)"},
        {'i', "toint($b)"},
        {'i', "toint($j)"},
        {'l', "strlen($s)"},
        {'l', "string_size($s)"},
        {'l', "strlen($j)"},
        {'l', "array_length($j)"},
        {'l', "array_length(split($s, #s))"},
        {'l', "array_length(split($s, ','))"},
        {'l', "strcmp($s, $s)"},
        {'l', "binary_and($l, $l)"},
        {'l', "binary_or($l, $i)"},
        {'l', "binary_xor($i, $i)"},
        {'l', "binary_not($l)"},
        {'l', "binary_not($i)"},
        {'l', "bin($l, 10)"},
        {'l', "bin($l, #l)"},
        {'l', "bin($i, 3)"},
        {'l', "floor($l, 7)"},
        {'l', "max_of($l, $l)"},
        {'l', "min_of($l, #l)"},
        {'l', "max_of(strlen($s), #l)"},
        {'l', "iff($b, $l, $l)"},
        {'l', "case($b, $l, $b, $l, $l)"},
        {'l', "coalesce($l, $l)"},
        {'l', "coalesce($l, 5)"},
        {'l', "round($l)"},
        {'l', "round($i)"},
        {'i', "getyear($d)"},
        {'i', "monthofyear($d)"},
        {'i', "getmonth($d)"},
        {'i', "dayofmonth($d)"},
        {'i', "hourofday($d)"},
        {'i', "datetime_part('year', $d)"},
        {'l', "datetime_diff('day', $d, $d)"},
        {'l', "datetime_diff('hour', $d, $d)"},
        {'l', "datetime_diff('minute', $d, $d)"},
        {'l', "datetime_diff('second', $d, $d)"},
        {'l', "datetime_diff('millisecond', $d, $d)"},
        {'l', "datetime_diff('microsecond', $d, $d)"},
        {'l', "datetime_diff('week', $d, $d)"},
        {'l', "datetime_diff('month', $d, $d)"},
        {'l', "indexof($s, #s)"},
        {'l', "countof($s, #s)"},
        {'r', "$l * 1.0"},
        {'r', "($r + $r)"},
        {'r', "($r - $l)"},
        {'r', "($r * $r)"},
        {'r', "($r / $r)"},
        {'r', "($l / $r)"},
        {'r', "($r / #l)"},
        {'r', "($r % $r)"},
        {'r', "(-$r)"},
        {'r', "abs($r)"},
        {'r', "toreal($s)"},
        {'r', "todouble($l)"},
        {'r', "toreal($j)"},
        {'r', "toreal($b)"},
        {'r', "toreal($n)"},
        {'r', "toreal($i)"},
        {'r', "exp($r)"},
        {'r', "exp2($r)"},
        {'r', "exp10($r)"},
        {'r', "log($r)"},
        {'r', "log2($r)"},
        {'r', "log10($r)"},
        {'r', "sqrt($r)"},
        {'r', "pow($r, $r)"},
        {'r', "pow($l, 2)"},
        {'r', "sin($r)"},
        {'r', "cos($r)"},
        {'r', "tan($r)"},
        {'r', "asin($r)"},
        {'r', "acos($r)"},
        {'r', "atan($r)"},
        {'r', "atan2($r, $r)"},
        {'r', "degrees($r)"},
        {'r', "radians($r)"},
        {'r', "pi()"},
        {'r', "ceiling($r)"},
        {'r', "ceiling($l)"},
        {'r', "floor($r, 1)"},
        {'r', "bin($r, 0.5)"},
        {'r', "round($r)"},
        {'r', "round($r, 2)"},
        {'r', "sqrt($l)"},
        {'r', "exp($i)"},
        {'r', "log($l)"},
        {'r', "log10($i)"},
        {'r', "sign($r)"},
        {'r', "($n / $n)"},
        {'r', "($n / 1h)"},
        {'r', "iff($b, $r, $r)"},
        {'r', "coalesce($r, $r)"},
        {'r', "max_of($r, $r)"},
        {'s', "tostring($b)"},
        {'s', "tostring($i)"},
        {'s', "tostring($l)"},
        {'s', "tostring($r)"},
        {'s', "tostring($d)"},
        {'s', "tostring($n)"},
        {'s', "tostring($g)"},
        {'s', "tostring($j)"},
        {'s', "tostring($j.a)"},
        {'s', "strcat($s, $s)"},
        {'s', "strcat($s, $l, #s)"},
        {'s', "strcat($s, $b, $j, $g)"},
        {'s', "strcat_delim(#s, $s, $s, $l)"},
        {'s', "tolower($s)"},
        {'s', "toupper($s)"},
        {'s', "substring($s, 1)"},
        {'s', "substring($s, 0, 3)"},
        {'s', "substring($s, 2, 100)"},
        {'s', "substring($s, #l, #l)"},
        {'s', "reverse($s)"},
        {'s', "replace_string($s, #s, #s)"},
        {'s', "replace_string($s, $s, $s)"},
        {'s', "extract(@'([a-z]+)', 1, $s)"},
        {'s', "extract(@'(\\d+)(x)?', 2, $s)"},
        {'s', "extract(@'a(.)', 0, $s)"},
        {'s', "extract(@'^(.*)$', 1, $s)"},
        {'s', "hash_md5($s)"},
        {'s', "hash_sha1($s)"},
        {'s', "hash_sha256($s)"},
        {'s', "hash_sha256($l)"},
        {'s', "base64_encode_tostring($s)"},
        {'s', "iff($b, $s, $s)"},
        {'s', "case($b, $s, $b, #s, $s)"},
        {'s', "coalesce($s, $s)"},
        {'s', "coalesce(#s, $s)"},
        {'s', "trim(' ', $s)"},
        {'s', "tostring(split($s, 'a'))"},
        {'s', "tostring(split($s, 'a')[0])"},
        {'s', "tostring(split($s, 'a')[-1])"},
        {'s', "tostring(split($s, ' ')[2])"},
        {'s', "max_of($s, $s)"},
        {'s', "tostring(parse_json($s))"},
        {'s', "tostring(parse_json($s).a)"},
        {'s', "tostring($s)"},
        {'s', "gettype($j)"},
        {'d', "($d + $n)"},
        {'d', "($d - $n)"},
        {'d', "($n + $d)"},
        {'d', "bin($d, 1h)"},
        {'d', "bin($d, 7d)"},
        {'d', "bin($d, #n)"},
        {'d', "startofday($d)"},
        {'d', "startofweek($d)"},
        {'d', "endofday($d)"},
        {'d', "endofweek($d)"},
        {'d', "startofmonth($d)"},
        {'d', "startofday($d, 1)"},
        {'d', "endofmonth($d)"},
        {'d', "startofyear($d)"},
        {'d', "unixtime_seconds_todatetime($l)"},
        {'d', "unixtime_milliseconds_todatetime($l)"},
        {'d', "unixtime_microseconds_todatetime($l)"},
        {'d', "unixtime_nanoseconds_todatetime($l)"},
        {'d', "unixtime_seconds_todatetime($i)"},
        {'d', "todatetime($s)"},
        {'d', "todatetime($d)"},
        {'d', "todatetime($j)"},
        {'d', "iff($b, $d, $d)"},
        {'d', "coalesce($d, $d)"},
        {'d', "max_of($d, $d)"},
        {'d', "ago(#n)"},
        {'d', "datetime_add('day', 1, $d)"},
        {'n', "($d - $d)"},
        {'n', "($n + $n)"},
        {'n', "($n - $n)"},
        {'n', "($n * $l)"},
        {'n', "($n * 2)"},
        {'n', "($n / $l)"},
        {'n', "($n / 3)"},
        {'n', "($n * $r)"},
        {'n', "($n % 1h)"},
        {'n', "($n % $n)"},
        {'n', "($d % 1d)"},
        {'n', "($d % $n)"},
        {'n', "(-$n)"},
        {'n', "dayofweek($d)"},
        {'n', "bin($n, 1m)"},
        {'n', "totimespan($l)"},
        {'n', "totimespan($i)"},
        {'n', "totimespan($s)"},
        {'n', "iff($b, $n, $n)"},
        {'n', "coalesce($n, 1h)"},
        {'g', "toguid($s)"},
        {'g', "toguid($g)"},
        {'g', "iff($b, $g, $g)"},
        {'g', "coalesce($g, $g)"},
        {'j', "$j.a"},
        {'j', "$j.a.b"},
        {'j', "$j.b.a[0]"},
        {'j', "$j[0]"},
        {'j', "$j[-1]"},
        {'j', "$j[1]"},
        {'j', "$j['a\\'b']"},
        {'j', "$j['a`b']"},
        {'j', "$j['a\\\\b']"},
        {'j', "$j['a\"b']"},
        {'j', "$j['']"},
        {'j', "$j['a.b']"},
        {'j', "$j['\\u00e9']"},
        {'j', "$j['\\n']"},
        {'j', "$j.A"},
        {'j', "$j['0']"},
        {'j', "$j[0].a"},
        {'j', "$j.a[1]"},
        {'j', "parse_json($s)"},
        {'j', "todynamic($s)"},
        {'j', "parse_json($j)"},
        {'j', "todynamic($l)"},
        {'j', "todynamic($b)"},
        {'j', "todynamic($g)"},
        {'j', "todynamic($r)"},
        {'j', "parse_json($s).a"},
        {'j', "split($s, 'a')"},
        {'j', "split($s, #s)"},
        {'j', "split($s, ' ')[1]"},
        {'j', "split($s, 'a', 1)"},
        {'j', "iff($b, $j, $j)"},
        {'j', "coalesce($j, $j)"},
        {'j', "coalesce($j.a, $j)"},
        {'j', "parse_json(tostring($j.a))"},
        {'j', "parse_json(tostring($j))[0]"},
    };
    static std::vector<std::string> made;
    made.reserve(256);
    for (const std::string_view op :
         {"=~",           "!~",          "contains",      "!contains",   "contains_cs", "!contains_cs",
          "startswith",   "!startswith", "startswith_cs", "endswith",    "!endswith",   "endswith_cs",
          "has",          "!has",        "has_cs",        "!has_cs",     "hasprefix",   "!hasprefix",
          "hasprefix_cs", "hassuffix",   "!hassuffix",    "hassuffix_cs"}) {
      for (const std::string_view sides : {"$s#s", "$s$s", "$j#s", "$l#s"}) {
        made.push_back("(" + std::string(sides.substr(0, 2)) + " " + std::string(op) + " " +
                       std::string(sides.substr(2)) + ")");
        out.push_back({'b', made.back()});
      }
    }
    return out;
  }();
  return kTemplates;
}

std::string ExpressionMaker::constant(char letter) {
  const std::vector<Value>& values = hostile_values(type_of_letter(letter));
  const Value& value = values[one_of(values.size())];
  return literal_of(value);
}

std::string ExpressionMaker::filled(std::string_view text, int depth) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool part = (text[i] == '$' || text[i] == '#') && i + 1 < text.size() &&
                      type_of_letter(text[i + 1]) != Type::Unknown;
    if (!part) {
      out += text[i];
      continue;
    }
    out += text[i] == '#' ? constant(text[i + 1]) : of(text[i + 1], depth);
    ++i;
  }
  return out;
}

std::string ExpressionMaker::of(char letter, int depth) {
  const std::string column{letter, one_of(3) == 0 ? '2' : '1'};
  if (depth <= 0) return one_of(8) == 0 ? constant(letter) : column;
  std::vector<std::string_view> fitting;
  for (const ExpressionTemplate& one : expression_templates())
    if (one.result == letter) fitting.push_back(one.text);
  if (fitting.empty()) return column;
  return filled(fitting[one_of(fitting.size())], depth - 1);
}

}  // namespace redoubt::query
