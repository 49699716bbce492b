// The list: rows that the filters let through, grouped as the view wants them, a page at a time.

const GROUPS_A_PAGE = 30;
const ROWS_A_PAGE = 25;
const ROWS_IN_PRINT = 500;

/// How a view groups: the groups a row belongs to, each {key, title, sub, about}.
const VIEWS = [
  {name: 'policy', title: 'By policy',
    groups: (row) => [{key: row.rule, title: row.rule.title, about: row.rule.text}]},
  {name: 'resource', title: 'By resource',
    groups: (row) => [row.subject ? {key: row.subject, title: row.subject.name, sub: row.subject.type}
      : {key: null, title: "Policies that can't be evaluated"}]},
  {name: 'control', title: 'By control',
    groups: (row, head) => row.rule.groups.length === 0 ? [{key: null, title: 'In no initiative or category'}]
      : row.rule.groups.map((at) => ({key: at, title: head.groups[at].title, sub: head.groups[at].of}))},
  {name: 'owner', title: 'By owner',
    groups: (row) => [row.subject && row.subject.owner ? {key: row.subject.owner, title: row.subject.owner.name}
      : {key: null, title: 'Nobody named'}]},
];

class List {
  constructor(data) {
    this.data = data;
    this.view = VIEWS[0];
    this.start = 0;
    this.printing = false;
    this.filters = new Filters(data, () => this.show());
    this.status = element('span', {role: 'status'});
    this.clear = element('button', {type: 'button', onclick: () => this.reset()}, 'Clear filters');
    this.groups = element('div.groups');
    this.pages = element('div');
    this.grouped = [];
    if (data.rows.length === 0) {
      byId('findings').append(element('p.card.empty', {}, 'No finding. What is compliant is listed with --all.'));
      return;
    }
    byId('findings').append(this.buildViews(), this.filters.bar, element('div.status', {}, this.status, this.clear),
      ...this.cutNotice(), this.groups, this.pages);
    this.show();
  }

  buildViews() {
    this.viewButtons = VIEWS.map((view) => ({view, button: element('button', {type: 'button', onclick: () => {
      this.view = view;
      this.show();
    }}, view.title)}));
    return element('div.views', {role: 'group', 'aria-label': 'Group findings'}, ...this.viewButtons.map((one) => one.button));
  }

  /// In a very large result not everything is listed: said in one line.
  cutNotice() {
    const {head, listed} = this.data;
    const missing = head.total - listed;
    if (missing <= 0) return [];
    const each = head.listedEach === 0 ? '' : `, the first ${number(head.listedEach)} of each policy`;
    return [element('p.cut', {}, `${number(listed)} of ${number(head.total)} results are listed here${each}. All counts above are of everything; -f csv lists all.`)];
  }

  /// Shows what one thing above is about, and goes there.
  only(what) {
    this.filters.only(what);
    if (what.rule) this.view = VIEWS[0];
    this.show();
    byId('findings').focus({preventScroll: true});
    byId('findings').scrollIntoView();
  }

  reset() {
    this.filters.reset();
    this.filters.refresh();
    this.show();
  }

  show() {
    if (this.data.rows.length === 0) return;
    this.start = 0;
    for (const {view, button} of this.viewButtons) pressed(button, view === this.view);
    this.rows = this.data.rows.filter((row) => this.filters.holds(row));
    this.grouped = this.group();
    const subjects = new Set(this.rows.map((row) => row.subject)).size;
    const where = this.filters.scope ? ` in ${this.filters.scope.title}` : '';
    const what = this.filters.rule ? ` of “${this.filters.rule.title}”` : '';
    this.status.textContent = this.rows.length === 0 ? `No results${what}${where}`
      : `${counted(this.rows.length, 'result')}${what} on ${counted(subjects, 'resource')}${where}`;
    this.clear.hidden = this.filters.isEmpty();
    this.showGroups();
  }

  group() {
    const groups = new Map();
    for (const row of this.rows) {
      for (const one of this.view.groups(row, this.data.head)) {
        let group = groups.get(one.key);
        if (!group) groups.set(one.key, group = {...one, rows: [], worst: row});
        group.rows.push(row);
        if (weight(row) > weight(group.worst)) group.worst = row;
      }
    }
    for (const group of groups.values()) group.rows.sort((left, right) => weight(right) - weight(left));
    return [...groups.values()].sort((left, right) => weight(right.worst) - weight(left.worst) ||
      right.rows.length - left.rows.length || left.title.localeCompare(right.title));
  }

  showGroups() {
    if (this.data.rows.length === 0) return;
    const size = this.printing ? Infinity : GROUPS_A_PAGE;
    const few = this.rows.length <= ROWS_A_PAGE && this.grouped.length <= 3;
    let room = this.printing ? ROWS_IN_PRINT : Infinity;
    const shown = this.grouped.slice(this.start, this.start + size);
    this.groups.replaceChildren();
    for (const group of shown) {
      if (room <= 0) break;
      this.groups.append(this.groupElement(group, few || this.printing || group === this.grouped[0], Math.min(room, this.printing ? room : ROWS_A_PAGE)));
      room -= group.rows.length;
    }
    if (this.printing && room < 0) this.groups.append(element('p.cut', {}, `The first ${number(ROWS_IN_PRINT)} of ${number(this.rows.length)} results are printed.`));
    if (shown.length === 0) this.groups.append(element('p.card.empty', {}, this.data.head.total > this.data.listed ? 'Nothing that is listed here fits these filters.' : 'Nothing fits these filters.'));
    this.pages.replaceChildren(...[pager('Groups', this.start, size, this.grouped.length, (to) => {
      this.start = to;
      this.showGroups();
      byId('findings').scrollIntoView();
    })].filter(Boolean));
  }

  groupElement(group, open, size) {
    const body = element('div.body');
    const made = element('details.group', {open},
      element('summary', {}, element('span.title', {}, group.title, group.sub ? element('span.sub', {}, group.sub) : null),
        pill(toneOf(group.worst), toneTitle(group.worst)),
        element('span.count', {}, number(group.rows.length))), body);
    const fill = () => {
      if (made.open && body.childElementCount === 0) this.fillBody(body, group, 0, size);
      if (!made.open) body.replaceChildren();
    };
    made.addEventListener('toggle', fill);
    if (open) fill();
    return made;
  }

  fillBody(body, group, start, size) {
    const rows = group.rows.slice(start, start + size);
    const next = pager(`Results of ${group.title}`, start, size, group.rows.length, (to) => {
      this.fillBody(body, group, to, size);
      body.parentElement.scrollIntoView();
    });
    body.replaceChildren(...[group.about ? element('p.about', {}, group.about) : null,
      element('ul', {}, ...rows.map((row) => findingElement(row, this.view))), this.printing ? null : next].filter(Boolean));
  }
}

function findingElement(row, view) {
  const {subject, rule} = row;
  const name = view.name === 'resource' || !subject ? element('strong', {}, rule.title) : element('strong', {}, subject.name);
  const line = element('div.head', {}, name,
    view.name === 'policy' || view.name === 'resource' ? null : element('span', {}, rule.title),
    view.name === 'resource' || !subject ? null : element('span.muted.small', {}, subject.type),
    pill(toneOf(row), toneTitle(row)));
  const place = row.place ? element('p.at', {}, 'at ', element('code', {}, row.place)) : null;
  const fix = row.fix ? element('p.fix', {}, element('strong', {}, 'Fix: '), row.fix) : null;
  return element('li.finding', {}, line, row.reason ? element('p.reason', {}, row.reason) : null, place, fix, details(row));
}

function details(row) {
  const facts = [['Resource', row.subject && row.subject.id], ['Owner', row.subject && row.subject.owner && row.subject.owner.name],
    ['Environment', row.subject && row.subject.environment], ['Property', row.path], ['Used at', row.usedAt],
    ['Policy', row.rule.name], ...row.remarks.split('\n').map((line) => ['Note', line]), ['Finding', row.id]];
  const list = element('dl');
  for (const [title, text] of facts) {
    if (text) list.append(element('dt', {}, title), element('dd', {}, element('code', {}, text)));
  }
  return element('details.more', {}, element('summary', {}, 'Details'), list);
}
