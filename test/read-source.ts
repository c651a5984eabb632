import { parseAst } from 'vitest/node';

/** A module that a source file names: by an import, a re-export, `import()`, an inline type, `require`. */
export interface Reference {
  /** What stands between the quotes; undefined where only the run can tell. */
  readonly specifier: string | undefined;
  readonly typeOnly: boolean;
}

/** What a TypeScript file reaches for: other modules, and the world by its globals (the clock, chance, the process). */
export function readSource(text: string): { references: Reference[]; effects: string[] } {
  const syntax = nodesOf(parseAst(text, { lang: 'ts' }));
  return {
    references: syntax.flatMap(referencesOf),
    effects: syntax.map(effectOf).filter((effect) => effect !== undefined),
  };
}

interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a piece of code takes from the world other than by an import. */
function effectOf(node: SyntaxNode): string | undefined {
  const name = nameOf(node.type === 'MemberExpression' ? node.object : node.callee);
  const property = node.type === 'MemberExpression' ? nameOf(node.property) : undefined;
  if (property === 'getBuiltinModule') return property;
  if (name === 'Date' && property === 'now') return 'the clock';
  if (node.type === 'NewExpression' && name === 'Date' && isEmpty(node.arguments)) return 'the clock';
  if (name === 'Math' && property === 'random') return 'chance';
  return name !== undefined && EFFECTFUL_GLOBALS.includes(name) ? name : undefined;
}

/** The modules that one node of the syntax tree names, if it is of a kind that names any. */
function referencesOf(node: SyntaxNode): Reference[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? [{ specifier: textOf(node.source), typeOnly: isTypeOnly(node) }] : [];
    case 'ImportExpression':
      return [{ specifier: textOf(node.source), typeOnly: false }];
    case 'TSImportType':
      return [{ specifier: textOf(node.source), typeOnly: true }];
    case 'TSExternalModuleReference':
      return [{ specifier: textOf(node.expression), typeOnly: false }];
    case 'CallExpression':
      return isRequire(node.callee)
        ? [{ specifier: textOf((node.arguments as unknown[])[0]), typeOnly: false }]
        : [];
    default:
      return [];
  }
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = (node.specifiers ?? []) as SyntaxNode[];
  return specifiers.length > 0 && specifiers.every((each) => (each.importKind ?? each.exportKind) === 'type');
}

/** `require(…)`, `require.resolve(…)` and `createRequire(…)(…)`. */
function isRequire(callee: unknown): boolean {
  const { type, object, callee: maker } = callee as SyntaxNode;
  if (type === 'MemberExpression') return nameOf(object) === 'require';
  return type === 'CallExpression' ? nameOf(maker) === 'createRequire' : nameOf(callee) === 'require';
}

function textOf(node: unknown): string | undefined {
  const { type, value, quasis, expressions } = node as SyntaxNode;
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type !== 'TemplateLiteral' || !isEmpty(expressions)) return undefined;
  return (quasis as { value: { cooked: string } }[])[0]!.value.cooked;
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as Partial<SyntaxNode>;
  return type === 'Identifier' ? (name as string) : undefined;
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function nodesOf(value: unknown): SyntaxNode[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(nodesOf);
  return 'type' in value && typeof value.type === 'string' ? [value as SyntaxNode, ...inner] : inner;
}

const EFFECTFUL_GLOBALS = ['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'];
