/** Imports run one way. (STYLE, "The house".) What is read here is what the source files say, not what a build makes of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** By path from the root, with `/`: what each file imports, a path from the root or a package's name. */
type Imports = Map<string, string[]>;

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** `from '…'`, `import '…'` and `import('…')`; comments are taken out first. */
function importsIn(text: string): string[] {
  return [...withoutComments(text).matchAll(/(?<!['"])\b(?:from|import)\s*\(?\s*['"]([^'"\s]+)['"]/g)].map(
    match => match[1] ?? '',
  );
}

function isSource(path: string): boolean {
  // Tests and what is there for them alone may import from everywhere.
  return /\.tsx?$/.test(path) && !/\.test\.tsx?$|(^|\/)(sample-photos|built-worker|fake-server)\.ts$/.test(path);
}

function readImports(): Imports {
  const files = ['protocol', 'electron', 'renderer'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true }).map(name => `${folder}/${String(name).replaceAll('\\', '/')}`),
  );
  return new Map(
    files
      .filter(isSource)
      .map(path => [
        path,
        importsIn(readFileSync(join(root, path), 'utf8')).map(name =>
          name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : name,
        ),
      ]),
  );
}

interface Rule {
  /** Of the files that it is about. */
  from: RegExp;
  /** What they may import; everything else is a violation. */
  may?: RegExp;
  mayNot?: RegExp;
}

const library = '^(?!protocol/|electron/|renderer/)';
const types = String.raw`\.d\.ts$`;
const rules: Record<string, Rule> = {
  'protocol imports zod alone': { from: /^protocol\//, may: /^protocol\/|^zod\/mini$/ },
  'core imports protocol, and nothing that touches the world': {
    from: /^electron\/core\//,
    may: /^electron\/core\/|^protocol\/|^zod\/mini$|^node:stream$/,
  },
  'store imports core and protocol': {
    from: /^electron\/store\//,
    may: new RegExp(`^electron/(store|core)/|^protocol/|${library}(?!electron$|express|ws$)`),
  },
  'processes imports core, for its types': {
    from: /^electron\/processes\//,
    may: new RegExp(`^electron/(processes|core)/|${library}(?!electron$|express|ws$|libsql|sharp)`),
  },
  'storing imports core, protocol, processes, what a photo is and how a file gets its name': {
    from: /^electron\/storing\//,
    may: new RegExp(
      `^electron/(storing|processes|core)/|^electron/images/inspect.ts$|^electron/store/rename.ts$|^protocol/|${library}(?!electron$|express|ws$|libsql|sharp)`,
    ),
  },
  'images imports core, protocol, processes and how files get their names': {
    from: /^electron\/images\//,
    may: new RegExp(
      `^electron/(images|processes|core)/|^electron/store/(sync-folder|rename).ts$|^protocol/|${library}(?!electron$|express|ws$|libsql)`,
    ),
  },
  'edge imports core and protocol, and reads the SDK as text': {
    from: /^electron\/edge\//,
    may: new RegExp(
      `^electron/(edge|core)/|^protocol/|^renderer/client/[\\w-]+\\.ts\\?raw$|${library}(?!electron$|libsql|sharp)`,
    ),
  },
  'only what describes the SDK reads sources as text': {
    from: /^(?!electron\/edge\/documents\/)/,
    mayNot: /\.tsx?\?raw$/,
  },
  'server.ts is imported by the entries alone': {
    from: /^electron\/(?!headless\.ts$|main\.ts$|shell\/)/,
    mayNot: /^electron\/(server|headless|main)\.ts$/,
  },
  'the entries are imported by nobody': { from: /./, mayNot: /^electron\/(headless|main)\.ts$/ },
  'only the shell and main.ts know Electron': {
    from: /^(?!electron\/shell\/|electron\/main\.ts$)/,
    mayNot: /^electron$|^electron\/shell\//,
  },
  'a dialect knows the endpoint and protocol, never core or a sibling': {
    from: /^electron\/edge\/dialects\//,
    // Over raw WebSockets a dialect says itself, by an interface, what it has to be given.
    may: /^electron\/edge\/dialects\/|^electron\/edge\/socketio\/dialect\.ts$|^protocol\/|^zod\/mini$/,
  },
  'the SDK imports protocol alone, and Socket.IO for S2': {
    from: /^renderer\/client\//,
    may: /^renderer\/client\/|^protocol\/|^zod\/mini$|^socket\.io-client$/,
  },
  'only S2’s entry knows Socket.IO': { from: /^renderer\/(?!client\/s2\.ts$)/, mayNot: /^socket\.io-client$/ },
  'ui imports the SDK and protocol': { from: /^renderer\/ui\//, mayNot: /^renderer\/(?!ui\/|client\/)|^electron/ },
  'pages never import each other, nor the server': { from: /^renderer\//, mayNot: /^electron(\/|$)|^node:/ },
  'zod comes as zod/mini': { from: /./, mayNot: /^zod$/ },
  'libsql is opened in two places': {
    from: /^(?!electron\/store\/driver\.ts$|electron\/data-folder\.ts$)/,
    mayNot: /^libsql$/,
  },
};

function violations(imports: Imports): string[] {
  const found: string[] = [];
  for (const [path, names] of imports) {
    for (const name of names) {
      for (const [title, { from, may, mayNot }] of Object.entries(rules)) {
        if (!from.test(path) || new RegExp(types).test(name)) continue;
        if ((may && !may.test(name)) || mayNot?.test(name)) found.push(`${title}: ${path} imports ${name}`);
      }
      const page = /^renderer\/(?!client\/|ui\/)([^/]+)\//;
      const [own, other] = [page.exec(path)?.[1], page.exec(name)?.[1]];
      if (own && other && own !== other) found.push(`pages never import each other: ${path} imports ${name}`);
      const dialect = /^electron\/edge\/dialects\/([^/]+)\//;
      const [mine, sibling] = [dialect.exec(path)?.[1], dialect.exec(name)?.[1]];
      if (mine && sibling && mine !== sibling) found.push(`dialects never import each other: ${path} imports ${name}`);
    }
  }
  return found;
}

/** Rings of files that import each other; each is named by its files in the order of the imports. */
function cycles(imports: Imports): string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const found: string[] = [];
  function visit(path: string): void {
    if (done.has(path)) return;
    const at = way.indexOf(path);
    if (at >= 0) {
      found.push([...way.slice(at), path].join(' -> '));
      return;
    }
    way.push(path);
    for (const name of imports.get(path) ?? []) if (imports.has(name)) visit(name);
    way.pop();
    done.add(path);
  }
  for (const path of imports.keys()) visit(path);
  return found;
}

function clocksIn(text: string): string[] {
  const own =
    /\b(?:set(?:Timeout|Interval|Immediate)|Date\.now|performance\.now|new Date(?=\(\))|AbortSignal\.timeout)\b/g;
  return withoutComments(text).match(own) ?? [];
}

const imports = readImports();
/** Imports of types alone vanish in the build: they may go both ways. */
const running: Imports = new Map(
  [...imports.keys()].map(path => {
    const text = readFileSync(join(root, path), 'utf8').replace(/(?:import|export) type [^;]*?from '[^']+';/g, '');
    const names = importsIn(text).map(name =>
      name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : name,
    );
    return [path, names];
  }),
);

describe('the house', () => {
  test('[STRUCT1] imports run one way', () => {
    expect(imports.size).toBeGreaterThan(100);
    expect(violations(imports)).toEqual([]);
  });

  test('[STRUCT6] core has no clock of its own: time is told to it, and waiting is passed in', () => {
    expect(clocksIn('const at = Date.now();\nsetTimeout(go, 5);\n// Date.now() in a comment')).toEqual([
      'Date.now',
      'setTimeout',
    ]);
    const core = [...imports.keys()].filter(path => path.startsWith('electron/core/'));
    expect(core.length).toBeGreaterThan(30);
    const clocks = core.flatMap(path =>
      clocksIn(readFileSync(join(root, path), 'utf8')).map(name => `${path}: ${name}`),
    );
    expect(clocks).toEqual([]);
  });

  test('[STRUCT2] no two files need each other', () => {
    expect(cycles(running)).toEqual([]);
  });

  test('[STRUCT3] every import of our own is a file that is there', () => {
    const missing = [...imports].flatMap(([path, names]) =>
      names
        .filter(name => /^(protocol|electron|renderer)\/.*\.tsx?$/.test(name) && !imports.has(name))
        .map(name => `${path}: ${name}`),
    );
    expect(missing.filter(line => !/sample-photos|built-worker|fake-server/.test(line))).toEqual([]);
  });

  test('[STRUCT4] nothing is called utils, helpers, manager or common', () => {
    expect(
      [...imports.keys()].filter(path => /(^|[/-])(utils?|helpers?|managers?|common)([./-]|$)/i.test(path)),
    ).toEqual([]);
  });

  test('[STRUCT5] this test sees what is wrong', () => {
    const planted: [string, string][] = [
      ['protocol/x.ts', 'electron/core/access.ts'],
      ['protocol/x.ts', 'node:fs'],
      ['electron/core/x.ts', 'node:http'],
      ['electron/core/x.ts', 'libsql'],
      ['electron/core/x.ts', 'electron/store/sqlite.ts'],
      ['electron/core/x.ts', 'electron/edge/origins.ts'],
      ['electron/store/x.ts', 'electron/edge/origins.ts'],
      ['electron/edge/x.ts', 'electron/store/sqlite.ts'],
      ['electron/edge/x.ts', 'electron/server.ts'],
      ['electron/edge/documents/x.ts', 'renderer/client/types.ts'],
      ['electron/edge/http/x.ts', 'renderer/client/types.ts?raw'],
      ['electron/edge/dialects/s0/x.ts', 'electron/core/access.ts'],
      ['electron/edge/dialects/s0/x.ts', 'electron/edge/dialects/s1/y.ts'],
      ['electron/edge/dialects/s2/x.ts', 'electron/edge/django.ts'],
      ['electron/edge/dialects/s2/x.ts', 'electron/edge/socketio/peer.ts'],
      ['electron/edge/dialects/s0/x.ts', 'ws'],
      ['electron/server.ts', 'electron'],
      ['electron/server.ts', 'electron/shell/tray.ts'],
      ['renderer/client/x.ts', 'react'],
      ['renderer/ui/x.ts', 'renderer/kiosk/app.tsx'],
      ['renderer/kiosk/x.ts', 'renderer/phone/app.ts'],
      ['renderer/phone/x.ts', 'electron/core/access.ts'],
      ['renderer/phone/x.ts', 'zod'],
    ];
    for (const [path, name] of planted)
      expect(violations(new Map([[path, [name]]])), `${path} imports ${name}`).not.toEqual([]);
    expect(
      cycles(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['a -> b -> c -> a']);
    const text = `import a from './a.ts';\nimport type { B } from "./b.ts";\nexport * from './c.ts';\nimport './d.css';\nawait import('./e.ts');\n// import './no.ts'\n/* from './no.ts' */`;
    expect(importsIn(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.css', './e.ts']);
  });
});
