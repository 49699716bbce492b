"""Makes queries that are a little wrong, or right in an unusual way, out of real ones."""

import re

TOKEN = re.compile(r"""
    //[^\n]*                                                  # comment
  | ```.*?``` | ~~~.*?~~~
  | [hH]?@?"(?:[^"\\\n]|\\.)*" | [hH]?@?'(?:[^'\\\n]|\\.)*'
  | [0-9]+(?:\.[0-9]+)?[A-Za-z]*
  | (?:mv|make|project|top|graph|sample|parse|macro|assert)-[a-z-]+
  | ![a-z_]+~? | in~ | [A-Za-z_$][A-Za-z_0-9]*
  | \s+
  | --> | <-- | -\[ | \]-> | => | <= | >= | == | =~ | != | !~ | <> | \.\.
  | .
""", re.VERBOSE | re.DOTALL)
WORD = re.compile(r"[A-Za-z_]")
MARKS = ("( ) [ ] { } | ; , . .. = == != =~ !~ < <= > >= <> : => + - * / % @ ? ! # <| ' \" ` ~ \\ ``` ~~~ "
         "--> <-- -- -[ ]-> $ & ^ é //").split()
LITERALS = ("1 1.5 1e3 0x1f 1d 1.5h 'text' \"text\" @'a\\b' h'x' ```a``` true null dynamic([1]) dynamic({'a':1}) "
            "datetime(2024-01-01) timespan(1d) guid(74be27de-1e4e-49d9-b579-fe0b331d3642) "
            "74be27de-1e4e-49d9-b579-fe0b331d3642 long(1) int(null) real(nan) decimal(1) bool(true) "
            "typeof(long) 1..2 -1 +1 1a 12abc $left ['a'] [\"a b\"] {a} a* *a a.b a[0] a.b() f(x)").split()
PHRASES = ("| count;| where a == 1;| take 1;| project a, b = c;| extend a = 1;| summarize count() by a;"
           "| sort by a asc nulls first;| top 1 by a;| join kind=inner (T) on a;| union T, U;| as x;| render timechart;"
           "| mv-expand a to typeof(long);| parse a with * 'x' b:long *;| distinct *;| evaluate p(a) : (a:long);"
           "| make-series count() default=0 on t from 1 to 2 step 3 by a;| lookup T on a;| invoke f(1);| serialize;"
           "| search 'a';| getschema;| consume;| fork (count) (take 1);| facet by a with (take 1);| reduce by a;"
           "| partition by a (take 1);| scan with (step s: true => a = 1;);| top-nested 1 of a by count();"
           "| sample 1;| sample-distinct 1 of a;| range x from 1 to 2 step 1;| find 'a';| project-away a*;"
           "| make-graph a --> b with T on c;| graph-match (a)-[e*1..3]->(b) where a.x == 1 project c;"
           "| mv-apply a on (take 1);| parse-kv a as (b: long) with (quote='x');| top-hitters 1 of a by b;"
           "let f = (a: long) { a };let x = 1\\;;let v = view () { T };set a = 1\\;;declare query_parameters(a: long = 1)\\;;"
           "alias database d = cluster('c').database('d')\\;;restrict access to (T)\\;;declare pattern p\\;;"
           "toscalar(T);materialize(T);in (1, 2);!in (T | take 1);between (1 .. 2);has_any ('a');matches regex 'a';"
           "datatable(a: long) [1];externaldata(a: string) ['x'] with (format='csv');not(a);isnotempty(a);"
           "hint.strategy=shuffle;kind=outer;withsource=a;isfuzzy=true;asc;desc;nulls last;on $left.a == $right.b")
PHRASES = [phrase.replace("\0", ";") for phrase in PHRASES.replace("\\;", "\0").split(";")]


def split(query):
    return TOKEN.findall(query)


class Mutator:
    def __init__(self, random, queries, keywords):
        self.random = random
        self.queries = queries
        self.keywords = keywords
        self.changes = [self.delete, self.delete, self.delete_some, self.duplicate, self.swap, self.swap_any,
                        self.keyword_for_word, self.keyword_for_word, self.word_for_keyword, self.insert_keyword,
                        self.insert_mark, self.insert_mark, self.insert_literal, self.insert_phrase,
                        self.replace_by_literal, self.replace_by_other, self.truncate, self.cut_front, self.splice,
                        self.change_blank, self.change_character]

    def mutant(self):
        rare = self.random.random() < 0.3
        tokens = split(self.made_up() if rare else self.random.choice(self.queries))
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            tokens = self.random.choice(self.changes)(tokens) or tokens
        return "".join(tokens)

    def made_up(self):
        """Of phrases, so that what real queries seldom have comes often."""
        return "T " + " ".join(self.random.choice(PHRASES) for _ in range(self.random.randrange(1, 5)))

    def place(self, tokens, wanted=lambda token: not token.isspace()):
        places = [i for i, token in enumerate(tokens) if wanted(token)]
        return self.random.choice(places) if places else None

    def replaced(self, tokens, at, *new):
        return tokens if at is None else tokens[:at] + list(new) + tokens[at + 1:]

    def inserted(self, tokens, new):
        at = self.random.randrange(len(tokens) + 1)
        blank = self.random.choice(("", " ", " "))
        return tokens[:at] + [blank, new, blank] + tokens[at:]

    def delete(self, tokens):
        return self.replaced(tokens, self.place(tokens))

    def delete_some(self, tokens):
        at = self.random.randrange(len(tokens) + 1)
        return tokens[:at] + tokens[at + self.random.randrange(1, 8):]

    def duplicate(self, tokens):
        at = self.place(tokens)
        return at if at is None else self.replaced(tokens, at, tokens[at], self.random.choice((" ", "")), tokens[at])

    def exchange(self, tokens, left, right):
        tokens = list(tokens)
        tokens[left], tokens[right] = tokens[right], tokens[left]
        return tokens

    def swap(self, tokens):
        left = self.place(tokens)
        if left is None:
            return tokens
        right = next((i for i in range(left + 1, len(tokens)) if not tokens[i].isspace()), left)
        return self.exchange(tokens, left, right)

    def swap_any(self, tokens):
        left, right = self.place(tokens), self.place(tokens)
        return tokens if left is None else self.exchange(tokens, left, right)

    def keyword_for_word(self, tokens):
        at = self.place(tokens, lambda token: WORD.match(token))
        return self.replaced(tokens, at, self.random.choice(self.keywords))

    def word_for_keyword(self, tokens):
        at = self.place(tokens, lambda token: token in self.keywords)
        return self.replaced(tokens, at, self.random.choice(("a", "Column", "['a']", "1")))

    def insert_keyword(self, tokens):
        return self.inserted(tokens, self.random.choice(self.keywords))

    def insert_mark(self, tokens):
        return self.inserted(tokens, self.random.choice(MARKS))

    def insert_literal(self, tokens):
        return self.inserted(tokens, self.random.choice(LITERALS))

    def insert_phrase(self, tokens):
        return self.inserted(tokens, self.random.choice(PHRASES))

    def replace_by_literal(self, tokens):
        return self.replaced(tokens, self.place(tokens), self.random.choice(LITERALS))

    def replace_by_other(self, tokens):
        other = split(self.random.choice(self.queries))
        at = self.place(other)
        return tokens if at is None else self.replaced(tokens, self.place(tokens), other[at])

    def truncate(self, tokens):
        text = "".join(tokens)
        return [text[:self.random.randrange(len(text) + 1)]]

    def cut_front(self, tokens):
        return tokens[self.random.randrange(len(tokens) + 1):]

    def splice(self, tokens):
        other = split(self.random.choice(self.queries))
        return tokens[:self.random.randrange(len(tokens) + 1)] + other[self.random.randrange(len(other) + 1):]

    def change_blank(self, tokens):
        at = self.place(tokens, str.isspace)
        return self.replaced(tokens, at, self.random.choice(("", "\n", "\t", " // c\n", "\u00a0", "\r\n", "\u2028")))

    def change_character(self, tokens):
        text = "".join(tokens)
        if not text:
            return tokens
        at = self.random.randrange(len(text))
        new = self.random.choice(("", text[at] * 2, self.random.choice("()[]{}|;,.=<>:+-*/%@?!#'\"`~\\ aZ_09$")))
        return [text[:at] + new + text[at + 1:]]
