/** What an identity may do at one path. */
export interface Permission {
  /** As the API describes itself: `/items/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Each method that the API has there, in capitals, and whether the rules let this identity use it. */
  readonly allowed: Readonly<Record<string, boolean>>;
}

/** A path of the API with its methods, as its OpenAPI document has them. */
export interface DescribedPath {
  readonly path: string;
  readonly operations: Readonly<Record<string, { readonly summary?: string }>>;
}

/** Asks for every operation of the API what is asked with a request. A parameter in a path stands for something that no rule
 *  knows by name.
 *  @param mayDo whether this identity may, by the rules of this moment */
export function permissions(
  paths: readonly DescribedPath[],
  mayDo: (method: string, path: string) => boolean,
): Permission[] {
  return paths.map(({ path, operations }) => {
    const asked = path.replace(/\{[^}]*\}/g, ANY);
    const methods = Object.keys(operations).filter((method) => METHODS.has(method));
    const summaries = methods.flatMap((method) => operations[method]?.summary ?? []);
    const allowed = methods
      .map((method) => method.toUpperCase())
      .map((method) => [method, mayDo(method, asked)]);
    return { path, summary: summaries[0] ?? '', allowed: Object.fromEntries(allowed) };
  });
}

/** OpenAPI has other keys beside the methods. */
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const ANY = '~';
