// The top of the page: what it all comes to, the score, what to do first, what was not looked at.

function showOverview(data, list) {
  const {head} = data;
  const open = head.levels.reduce((sum, count) => sum + count, 0);
  byId('subtitle').textContent = longDate(head.made);
  byId('made').textContent = `Made by ${head.tool}${head.made ? ` at ${head.made}` : ''}. This file loads nothing from elsewhere.`;
  byId('overview-title').textContent = open === 0 ? 'Nothing is noncompliant' : counted(open, 'finding');
  const judged = `${counted(head.subjects, 'resource')} judged with ${counted(head.judgedWith, 'policy', 'policies')}.`;
  const unsure = head.counts[1] + head.counts[2];
  const hint = unsure === 0 ? '' : ` ${number(unsure)} could not be told, and ${unsure === 1 ? 'does' : 'do'} not count as compliant.`;
  const section = byId('overview');
  section.append(element('p.muted', {}, judged + hint));
  if (open !== 0) section.append(severityBar(head), severityLegend(head, list));
  section.append(element('ul.facts', {}, ...STATES.map((state, at) =>
    head.counts[at] === 0 ? null : element('li', {}, element('strong', {}, number(head.counts[at])), ` ${STATE_TITLES[at]}`))));
}

function longDate(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString('en-GB', {dateStyle: 'long', timeZone: 'UTC'});
}

const worstFirst = [4, 3, 2, 1, 0];

function severityBar(head) {
  const bar = element('div.bar', {'aria-hidden': 'true'});
  for (const level of worstFirst) {
    if (head.levels[level] === 0) continue;
    const part = element(`span.${LEVELS[level]}`);
    part.style.flexGrow = head.levels[level];
    bar.append(part);
  }
  return bar;
}

function severityLegend(head, list) {
  return element('div.legend', {role: 'group', 'aria-label': 'Findings by severity'}, ...worstFirst.filter((level) => head.levels[level] !== 0).map((level) =>
    element('button', {type: 'button', onclick: () => list.only({level})},
      element(`span.dot.${LEVELS[level]}`), element('strong', {}, number(head.levels[level])), LEVELS[level])));
}

function showScore(data) {
  const {score} = data.head;
  if (!score) return;
  byId('score-title').textContent = score.title;
  byId('score').append(element('p.number', {}, score.number), element('p.muted', {}, score.text));
  byId('score').hidden = false;
}

function showFirst(data, list) {
  if (data.head.first.length === 0) return;
  const fixes = new Map();
  for (const row of data.rows) {
    if (row.state === NONCOMPLIANT && !fixes.has(row.rule)) fixes.set(row.rule, row.fix ? `Fix: ${row.fix}` : row.reason);
  }
  byId('first-title').textContent = data.head.first.length === 1 ? 'Start here' : `Start with these ${data.head.first.length}`;
  byId('first').append(element('ol.first', {}, ...data.head.first.map((at, place) => {
    const rule = data.head.rules[at];
    const fix = fixes.get(rule);
    return element('li', {}, element('span.place', {'aria-hidden': 'true'}, String(place + 1)),
      element('div', {},
        element('div.what', {}, pill(LEVELS[rule.level], LEVELS[rule.level]),
          element('button', {type: 'button', onclick: () => list.only({rule})}, rule.title),
          element('span.muted.small', {}, counted(rule.counts[NONCOMPLIANT], 'resource'))),
        fix ? element('p.muted', {}, fix) : null));
  })));
  byId('first').hidden = false;
}

function showNotes(data) {
  if (data.head.notes.length === 0) return;
  byId('notes').append(element('ul.notes', {}, ...data.head.notes.map((note) =>
    element('li', {}, note.what ? element('code', {}, note.what) : null, note.what ? ': ' : null, note.why))));
  byId('notes').hidden = false;
}
