// Judges queries with Microsoft's parser. A line {"query": "..."} of stdin is answered by one line of stdout:
// {"ok": true}, {"ok": false, "code": ..., "start": ..., "length": ..., "message": ...} of the first diagnostic
// (places in bytes of UTF-8), {"command": true}
// for a management command, or {"crash": "..."}.
'use strict';
const readline = require('readline');
const { Kusto, list } = require('./library.js');

/// Severities that make a query wrong.
const ERROR = 'Error';

function judge(query) {
  const code = Kusto.Language.KustoCode.Parse(query);
  if (code.Kind === Kusto.Language.Editor.CodeKinds.Command) return { command: true };
  const diagnostics = list(code.GetSyntaxDiagnostics());
  const errors = diagnostics.filter((one) => one.Severity === ERROR);
  if (errors.length === 0) return { ok: true };
  const first = errors.reduce((left, right) => (right.Start < left.Start ? right : left));
  const bytes = (from, to) => Buffer.byteLength(query.slice(from, to));
  return {
    ok: false,
    code: first.Code,
    start: bytes(0, first.Start),
    length: bytes(first.Start, first.Start + first.Length),
    message: first.Message,
  };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      answer = judge(JSON.parse(line).query);
    } catch (error) {
      answer = { crash: String(error.message || error).split('\n')[0] };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

main();
