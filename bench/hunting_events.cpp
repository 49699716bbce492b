#include "bench/hunting_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace redoubt::bench {

namespace {

/// What columns are made of. `u`: the user's number, few have most events; `h...` are random 64 bits of a
/// row; `odd`: one of a thousand rows comes from a handful of addresses that try passwords.
constexpr std::string_view kNames = R"(
  SELECT n, at, h1, h2, h3, h4, h5, odd, toUInt32(floor(pow((h1 % 1000003) / 1000003, 1.8) * 8000)) AS u,
    cityHash64(u, 77) AS hu,
    ['anna','ben','carla','david','elena','farid','grace','hugo','ines','jonas','kim','lena','marc','nora','omar',
     'paula','quentin','rosa','sven','tara'][hu % 20 + 1] AS first_name,
    ['smith','meyer','garcia','rossi','dubois','jansen','novak','kowalski','silva','tanaka','ivanov','larsen','okafor',
     'nguyen','kim','cohen','haddad','brown','weber','costa'][intDiv(hu, 20) % 20 + 1] AS last_name,
    lower(concat(first_name, '.', last_name, toString(u), ['@contoso.com', '@contoso.de', '@fabrikam.com'][u % 3 + 1]))
      AS user_name,
    ['US','DE','GB','FR','NL','ES','IT','PL','SE','CH','AT','BE','DK','NO','FI','PT','IE','CZ','JP','IN','BR','CA',
     'AU','SG','RU'] AS countries,
    toUInt32(floor(pow((hu % 9973) / 9973, 2) * 25)) AS home,
    if(odd OR h2 % 100 < 2, h3 % 25, home) AS place,
    countries[place + 1] AS country,
    multiIf(odd, concat('185.220.101.', toString(h2 % 5 + 1)),
            h2 % 100 < 30, concat('10.', toString(home), '.0.', toString(h3 % 12 + 1)),
            h2 % 100 < 34, concat('2001:db8:', lower(hex(toUInt16(hu))), '::', lower(hex(toUInt8(h3 % 4)))),
            h2 % 100 < 36, concat('91.', toString(h3 % 200), '.', toString(intDiv(h3, 200) % 250), '.', toString(h4 % 250)),
            concat('81.', toString(home + 10), '.', toString(u % 250), '.', toString(intDiv(u, 250) + 40 * (h3 % 3))))
      AS address,
    multiIf(odd OR h4 % 100 < 5, '50126', h4 % 1000 < 62, '50053', h4 % 1000 < 75, '50074', h4 % 1000 < 82, '50076',
            h4 % 1000 < 85, '53003', h4 % 1000 < 88, '500121', '0') AS result,
    multiIf(h5 % 50000 = 0, concat('python-requests/2.', toString(h3 % 6 + 26)), h5 % 70000 = 1, 'azurehound/v2.1.0',
            concat('Mozilla/5.0 (', ['Windows NT 10.0', 'Macintosh', 'iPhone', 'X11; Linux x86_64'][hu % 4 + 1],
                   ') Chrome/', toString(118 + intDiv(h5, 8) % 8))) AS agent
  FROM
  (
    SELECT number AS n, cityHash64(n, {seed}, 1) AS h1, cityHash64(n, {seed}, 2) AS h2, cityHash64(n, {seed}, 3) AS h3,
      cityHash64(n, {seed}, 4) AS h4, cityHash64(n, {seed}, 5) AS h5, h5 % 1000 = 7 AS odd,
      30 * pow((n + (h1 % 100000) / 100001) / {total}, 0.9) AS day_of,
      floor(day_of) + (day_of - floor(day_of)) - 0.13 * sin(2 * pi() * (day_of - floor(day_of))) AS days,
      addMilliseconds(toDateTime64('2024-05-16 00:00:00', 7, 'UTC'), 0) + toIntervalNanosecond(
        toInt64(days * 864000000000) * 100) AS at
    FROM numbers({first}, {count})
  )
)";

constexpr EventColumnShape kSignIns[] = {
    {"TimeGenerated", 't', "at"},
    {"UserPrincipalName", 's', "user_name"},
    {"UserType", 's', "if(u % 40 = 0, 'Guest', '')"},
    {"IPAddress", 's', "address"},
    {"Location", 's', "country"},
    {"AppDisplayName", 's',
     "['Office 365','Azure Portal','Teams','Outlook Mobile','Azure CLI','SharePoint Online','Power "
     "BI','Graph "
     "Explorer','SAP','Salesforce','Workday','ServiceNow'][toUInt32(pow((h3 % 997) / 997, 2) * 12) + 1]"},
    {"ClientAppUsed", 's',
     "['','Mobile Apps and Desktop clients','IMAP4','Exchange ActiveSync'][toUInt32(pow((h4 % 991) / 991, 4) "
     "* "
     "4) + 1]"},
    {"ResultType", 's', "result"},
    {"ResultDescription", 's',
     "multiIf(result = '50126', 'Invalid username or password', result = '50053', 'Account is locked', "
     "result = "
     "'50074', 'Strong authentication is required', result = '0', '', 'Other')"},
    {"UserAgent", 's', "agent"},
    {"ConditionalAccessStatus", 's', "multiIf(h4 % 1000 < 3, 'failure', h2 % 3 = 0, 'notApplied', '')"},
    {"RiskLevelDuringSignIn", 's', "multiIf(odd, 'high', h5 % 300 = 5, 'medium', '')"},
    {"RiskState", 's', "if(odd, 'atRisk', '')"},
    {"ResourceDisplayName", 's', "['','Microsoft Graph','Exchange'][h3 % 3 + 1]"},
    {"IsInteractive", 'b', "toUInt8(h2 % 5 != 0)"},
    {"ProcessingTimeInMilliseconds", 'l', "toInt64(40 + pow((h5 % 99991) / 99991, 6) * 4000)"},
    {"AutonomousSystemNumber", 'l', "toInt64(3000 + place * 17 + h3 % 3)"},
    {"LocationDetails", 'd',
     "concat('{\"city\":\"', ['Northville','Southport','Eastham','Westbury'][h3 % 4 + 1], ' ', country, "
     "'\",\"geoCoordinates\":{\"latitude\":', toString(35 + place + h3 % 4 / 4), "
     "',\"longitude\":', toString(place + 0.5), '}}')"},
    {"DeviceDetail", 'd',
     "concat('{\"deviceId\":\"', if(odd, '', lower(hex(toUInt32(hu + h3 % 2)))), "
     "'\",\"operatingSystem\":\"', "
     "['Windows10','MacOs','Ios','Linux'][hu % 4 + 1], '\",\"isCompliant\":', if(odd OR h4 % 9 = 0, 'false', "
     "'true'), "
     "'}')"},
    {"AuthenticationDetails", 's',
     "if(result = '0' AND h2 % 3 != 0, '', concat('[{\"authenticationMethod\":\"Password\",\"succeeded\":', "
     "if(result = '50126', 'false', 'true'), '}', "
     "if(h2 % 3 = 0, concat(',{\"authenticationMethod\":\"', ['Mobile app notification','Text "
     "message','FIDO2 security "
     "key'][h5 % 3 + 1], '\",\"succeeded\":', if(result = '500121', 'false', 'true'), '}'), ''), ']'))"},
};

constexpr EventColumnShape kActivities[] = {
    {"TimeGenerated", 't', "at"},
    {"UserId", 's', "user_name"},
    {"Operation", 's',
     "multiIf(h5 % 2000 = 0, 'New-InboxRule', h5 % 3000 = 1, 'Set-Mailbox', h5 % 90000 = 2, "
     "'Add-MailboxPermission', "
     "['FileAccessed','FileDownloaded','FileModified','MailItemsAccessed','FileUploaded','UserLoggedIn','"
     "FilePreviewed',"
     "'FileDeleted','SharingSet','MessageSent','FolderCreated','SearchQueryPerformed'][toUInt32(pow((h3 % "
     "997) / 997, "
     "2) * 12) + 1])"},
    {"OfficeWorkload", 's', "['SharePoint','OneDrive','Exchange'][h3 % 3 + 1]"},
    {"RecordType", 's', "['6','2','1'][h3 % 3 + 1]"},
    {"UserType", 's', "if(u % 400 = 0, 'Admin', '')"},
    {"ClientIP", 's', "address"},
    {"ResultStatus", 's', "multiIf(h4 % 60 = 0, 'Failed', h3 % 3 = 0, 'Succeeded', '')"},
    {"ResultCode", 's', "if(h4 % 60 = 0, result, '')"},
    {"OfficeObjectId", 's',
     "concat('https://contoso.sharepoint.com/sites/', "
     "['finance','legal','hr','engineering','sales','marketing'][u % 6 "
     "+ 1], toString(u % 40), '/Shared Documents/', toString(h4 % 3000), '.', "
     "['docx','xlsx','pdf','pptx'][h5 % 4 + 1])"},
    {"SourceFileName", 's',
     "concat(['report','budget','notes','Plan_2024','minutes','contract','passwords "
     "backup','payroll'][toUInt32(pow((h2 "
     "% 1009) / 1009, 3) * 8) + 1], ' ', toString(h4 % 3000), '.', ['docx','xlsx','pdf','pptx'][h5 % 4 + "
     "1])"},
    {"SourceFileExtension", 's', "['docx','xlsx','pdf','pptx'][h5 % 4 + 1]"},
    {"ItemType", 's', "if(h3 % 7 = 0, 'Folder', '')"},
    {"EventSource", 's', "if(h3 % 3 = 1, 'ObjectModel', '')"},
    {"UserAgent", 's', "agent"},
    {"Parameters", 's',
     "multiIf(h5 % 2000 = 0, concat('New-InboxRule -Name \"', ['.','..','Invoices','News'][h4 % 4 + 1], '\" "
     "', "
     "['-ForwardTo','-MoveToFolder','-RedirectTo','-DeleteMessage'][h3 % 4 + 1], ' ', last_name, toString(h2 "
     "% 9), "
     "'@example.net'), h5 % 3000 = 1, concat('Set-Mailbox -Identity ', user_name, ' ', "
     "['-ForwardingSmtpAddress "
     "smtp:x@example.org', '-AuditEnabled $false', '-Type Shared'][h4 % 3 + 1]), h3 % 3 = 2, concat('Get-', "
     "['MailboxFolder','Message','CalendarItem','InboxRule'][h4 % 4 + 1], ' -ResultSize ', toString(h2 % 50 "
     "* 20), ' "
     "-Folder /Inbox/', first_name), '')"},
    {"IsManagedDevice", 'b', "toUInt8(h2 % 9 != 0)"},
    {"SizeInBytes", 'l', "toInt64(pow((h2 % 99989) / 99989, 5) * 90000000)"},
    {"DurationSeconds", 'r', "round(pow((h4 % 99971) / 99971, 4) * 90, 1)"},
    {"Properties", 'd',
     "concat('{\"site\":\"', ['finance','legal','hr','engineering','sales','marketing'][u % 6 + 1], "
     "'\",\"sharing\":{\"scope\":\"', ['Internal','Anonymous','Organization'][toUInt32(pow((h4 % 983) / 983, "
     "4) * 3) + "
     "1], '\"}}')"},
};

constexpr EventTableShape kTables[] = {{"SigninLogs", kSignIns}, {"OfficeActivity", kActivities}};

std::string source_of(const EventRange& range) {
  std::string out(kNames);
  const auto put = [&](std::string_view mark, std::uint64_t value) {
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark))
      out.replace(at, mark.size(), std::to_string(value));
  };
  put("{seed}", range.seed);
  put("{total}", range.total);
  put("{first}", range.first);
  put("{count}", range.count);
  return out;
}

/// `"name":value`, or nothing where the value is empty.
std::string member_of(const EventColumnShape& column) {
  const std::string name = fmt::format("'\"{}\":'", column.name);
  switch (column.kind) {
    case 't':
      return fmt::format(
          "concat({}, '\"', formatDateTime({}, '%Y-%m-%dT%H:%i:%S'), '.', leftPad(toString(positiveModulo("
          "reinterpretAsInt64({}), 10000000)), 7, '0'), 'Z\"')",
          name, column.sql, column.sql);
    case 's':
      return fmt::format("if(({0}) = '', '', concat({1}, toJSONString({0})))", column.sql, name);
    case 'b':
      return fmt::format("concat({}, if({}, 'true', 'false'))", name, column.sql);
    default:
      return fmt::format("concat({}, toString({}))", name, column.sql);
  }
}

}  // namespace

std::span<const EventTableShape> event_tables() { return kTables; }

const EventTableShape* find_event_table(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kTables), std::end(kTables), [&](const auto& one) { return one.name == name; });
  return found == std::end(kTables) ? nullptr : found;
}

std::string events_sql(const EventTableShape& table, const EventRange& range) {
  std::string columns;
  for (const EventColumnShape& column : table.columns)
    columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", column.sql, column.name);
  return fmt::format("SELECT {} FROM ({})", columns, source_of(range));
}

std::string events_json_sql(const EventTableShape& table, const EventRange& range) {
  std::string members;
  for (const EventColumnShape& column : table.columns)
    members += (members.empty() ? "" : ", ") + member_of(column);
  return fmt::format(
      "SELECT concat('{{', arrayStringConcat(arrayFilter(x -> x != '', [{}]), ','), '}}') AS line FROM ({}) "
      "ORDER BY n SETTINGS "
      "output_format_json_escape_forward_slashes = 0",
      members, source_of(range));
}

}  // namespace redoubt::bench
