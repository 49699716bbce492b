WITH daily AS
(
  SELECT UserId, toStartOfDay(TimeGenerated)::DateTime64(7, 'UTC') AS day, count() AS downloads, sum(SizeInBytes) AS bytes
  FROM events.OfficeActivity
  WHERE Operation = 'FileDownloaded' AND TimeGenerated > toDateTime64('2024-05-18 00:00:00', 7, 'UTC')
  GROUP BY UserId, day
)
SELECT (reinterpretAsInt64(d.day) + 621355968000000000), toInt64(count()), toInt64(uniqExact(d.UserId)), sum(d.bytes)
FROM daily AS d
INNER JOIN
(
  SELECT UserId, avg(downloads) AS average, stddevSamp(downloads) AS deviation, count() AS days
  FROM daily
  GROUP BY UserId
  HAVING days > 3
) AS usual ON d.UserId = usual.UserId
WHERE d.downloads > usual.average + 3 * usual.deviation
GROUP BY d.day
