// Measures Microsoft's parser on the "query" of every line of a JSON Lines file, as bench/bench_kql_parse.cpp does
// Redoubt's. Prints {"queries", "bytes", "seconds", "bytes_per_query"}; the last is the heap that a syntax tree keeps.
// Usage: node --expose-gc rate.js FILE
'use strict';
const { readFileSync } = require('fs');
const { Kusto } = require('./library.js');

const KEPT = 1000;
const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line !== '');
const queries = lines.map((line) => JSON.parse(line).query);
const parse = (query) => Kusto.Language.KustoCode.Parse(query);

queries.slice(0, 2000).forEach(parse); // so that what runs often is compiled
const begin = process.cpuUsage();
queries.forEach(parse);
const used = process.cpuUsage(begin);
const seconds = (used.user + used.system) / 1e6; // of the processor, as Google Benchmark counts

global.gc();
const before = process.memoryUsage().heapUsed;
const kept = queries.filter((_, i) => i % Math.ceil(queries.length / KEPT) === 0).map(parse);
global.gc();
const heap = process.memoryUsage().heapUsed - before;
console.log(JSON.stringify({
  queries: queries.length,
  bytes: queries.reduce((sum, query) => sum + Buffer.byteLength(query), 0),
  seconds,
  bytes_per_query: heap / kept.length,
}));
