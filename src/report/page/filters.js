// What is asked for: states, severities, owner, text, a scope or a rule.

class Filters {
  constructor(data, changed) {
    this.data = data;
    this.changed = changed;
    this.present = [...new Set(data.rows.map((row) => row.state))].sort();
    this.reset();
    this.bar = this.build();
    this.refresh();
  }

  reset() {
    this.states = new Set(this.usual());
    this.levels = new Set(LEVELS.map((_, at) => at));
    this.owner = '';
    this.text = '';
    this.scope = null;
    this.rule = null;
  }

  /// Whether all is as it was at first.
  isEmpty() {
    return this.text === '' && this.owner === '' && !this.rule && !this.scope && this.levels.size === LEVELS.length &&
      String([...this.states].sort()) === String(this.usual());
  }

  /// What is settled is shown when it is asked for, or when there is nothing else.
  usual() {
    const open = this.present.some((at) => at < 3);
    return this.present.filter((at) => at < 3 || !open);
  }

  only({level, rule, scope}) {
    this.reset();
    if (level !== undefined) {
      this.levels = new Set([level]);
      this.states = new Set([NONCOMPLIANT]);
    }
    if (rule) this.rule = rule;
    if (scope) this.scope = scope;
    this.refresh();
  }

  holds(row) {
    if (!this.states.has(row.state) || !this.levels.has(row.level)) return false;
    if (this.rule && row.rule !== this.rule) return false;
    if (this.owner !== '' && (row.subject && row.subject.owner ? row.subject.owner.name : '-') !== this.owner) return false;
    if (this.scope && !(row.subject && this.scope.inside.has(row.subject.scope))) return false;
    return this.text === '' || this.text.split(/\s+/).every((word) => searchText(row).includes(word));
  }

  build() {
    this.search = element('input', {type: 'search', id: 'search', placeholder: 'Search policies, resources, files, fixes',
      autocomplete: 'off', spellcheck: 'false', oninput: () => this.typed()});
    const row = element('div.row', {}, element('label', {for: 'search'}, 'Search'), this.search);
    if (this.data.head.owners.length !== 0) row.append(...this.buildOwners());
    return element('div.filters', {role: 'search', 'aria-label': 'Filter findings'}, row, this.buildStates(), this.buildLevels());
  }

  buildOwners() {
    const names = this.data.head.owners.map((owner) => owner.name).sort((left, right) => left.localeCompare(right));
    this.owners = element('select', {id: 'owner', onchange: () => this.change(() => { this.owner = this.owners.value; })},
      element('option', {value: ''}, 'everybody'), ...names.map((name) => element('option', {value: name}, name)),
      element('option', {value: '-'}, 'nobody named'));
    return [element('label', {for: 'owner'}, 'Owner'), this.owners];
  }

  buildStates() {
    this.stateChips = this.present.map((at) => this.chip('states', at, STATES[at],
      `${STATE_TITLES[at]} ${number(this.data.head.counts[at])}`));
    return this.chips('State', this.stateChips);
  }

  buildLevels() {
    this.levelChips = worstFirst.filter((at) => at !== 0).map((at) => this.chip('levels', at, LEVELS[at], LEVELS[at]));
    return this.chips('Severity', this.levelChips);
  }

  chips(title, chips) {
    return element('fieldset', {}, element('legend', {}, title), element('div.chips', {}, ...chips.map((chip) => chip.button)));
  }

  chip(set, at, tone, title) {
    const button = element('button', {type: 'button', onclick: () => this.change(() => {
      if (!this[set].delete(at)) this[set].add(at);
    })}, element(`span.dot.${tone}`), title);
    return {button, at};
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.change(() => { this.text = this.search.value.trim().toLowerCase(); }), 150);
  }

  change(action) {
    action();
    this.refresh();
    this.changed();
  }

  refresh() {
    for (const {button, at} of this.stateChips) pressed(button, this.states.has(at));
    for (const {button, at} of this.levelChips) pressed(button, this.levels.has(at));
    if (this.owners) this.owners.value = this.owner;
    if (this.search.value.trim().toLowerCase() !== this.text) this.search.value = this.text;
  }
}
