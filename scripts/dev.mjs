/**
 * `npm run dev`: the pages from Vite with reload, everything else from the real server, which is built again and started again
 * whenever its source changes. On loopback alone; data in a folder of its own. Flags: those of the start; `--port` is Vite's.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer as createTcp } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createBuilder, createServer } from 'vite';
import { buildWhatIsStale, root } from './stale.mjs';
import { say } from './words.mjs';

const host = '127.0.0.1';
const configFile = join(root, 'vite.config.ts');

// The server reads the built pages at its start, though here nobody is shown them.
await buildWhatIsStale();
const built = name => import(pathToFileURL(join(root, 'dist/node', name)).href);
const { loadConfig } = await built('config.js');
const { readRuntime } = await built('data-folder.js');
const ownFolder = join(root, 'node_modules/.cache/mostrador/dev-data');
const flags = process.argv.slice(2);
const loaded = loadConfig(['--port', '5173', '--data-dir', ownFolder, ...flags], { electron: false });
if (!loaded.ok) {
  (loaded.exitCode === 0 ? process.stdout : process.stderr).write(`${loaded.message}\n`);
  process.exit(loaded.exitCode);
}
const { config } = loaded;
const serverPort = await freePort();
const pages = await servePages();
const pagesUrl = `http://${host}:${pages.config.server.port}`;
const server = keepServer();
const watcher = await watchServer(() => server.restart());

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await Promise.all([server.stop(), pages.close(), watcher.close()]);
    process.exit(0);
  });
}
say(`Páginas con recarga en ${pagesUrl}`, `Pages with reload at ${pagesUrl}`);

async function servePages() {
  const target = `http://${host}:${serverPort}`;
  const vite = await createServer({
    configFile,
    plugins: [{ name: 'mostrador-pages', configureServer: dev => void dev.middlewares.use(answerPage(dev)) }],
    // Tried once: the server is told this address, so it must not move.
    server: {
      host,
      port: config.port,
      strictPort: true,
      proxy: { '^/': { target, ws: true, bypass: ({ url }) => (isVites(url) ? url : undefined) } },
    },
  });
  try {
    return await vite.listen();
  } catch (error) {
    say(`No se puede abrir ${host}:${config.port}: ${error.message}`, `${host}:${config.port}: ${error.message}`);
    process.exit(1);
  }
}

/** Its own addresses, and the sources of the pages; the server has a path of its own for everything else. */
function isVites(url = '/') {
  const { pathname } = new URL(url, 'http://dev');
  if (/^\/(@|node_modules\/|__)/.test(pathname)) return true;
  return statSync(join(root, 'renderer', pathname), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Which page stands at which address; the server has the same table (edge/http/pages). */
function pageAt(pathname) {
  const first = pathname.split('/')[1]?.toLowerCase() ?? '';
  const name = { '': 'phone', j: 'phone', kiosk: 'kiosk', display: 'display', dashboard: 'dashboard' }[first];
  if (name === undefined || (first !== 'j' && pathname.split('/').length > 2)) return null;
  return existsSync(join(root, 'renderer', name, 'index.html')) ? name : null;
}

function answerPage(dev) {
  return async (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://dev');
    const isBrowser = request.method === 'GET' && request.headers.accept?.includes('text/html');
    const name = isBrowser ? pageAt(pathname) : null;
    if (name === null) return next();
    try {
      const facts = await factsOfServer();
      const nonce = randomBytes(16).toString('base64');
      const source = readFileSync(join(root, 'renderer', name, 'index.html'), 'utf8')
        .replaceAll('MOSTRADOR_FACTS', () => facts)
        // The page stands at other addresses than its file, `/J/TOKEN` for one.
        .replaceAll(/(src|href)="\.\//g, `$1="/${name}/`);
      const html = await dev.transformIndexHtml(`/${name}/index.html`, source);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Referrer-Policy', 'no-referrer');
      response.setHeader('Content-Security-Policy', policy(nonce));
      response.end(html.replaceAll('MOSTRADOR_NONCE', nonce));
    } catch (error) {
      next(error);
    }
  };
}

/** As they stand in a page of the server, escaped: its settings may have changed since it was started. */
async function factsOfServer() {
  await server.isUp();
  const page = await fetch(`http://${host}:${serverPort}/display`);
  const [, facts] = /<meta name="mostrador" content="([^"]*)"/.exec(await page.text()) ?? [];
  if (facts === undefined) throw new Error('the server sent a page without its facts');
  return facts;
}

/** The server's own policy and what reloading needs: Vite's inline scripts by nonce, its WebSocket on this host. */
function policy(nonce) {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self' ws://${host}:${config.port}`,
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Builds Node's side at every change of it; resolves after the first build. */
async function watchServer(onBuilt) {
  const builder = await createBuilder({
    configFile,
    logLevel: 'error',
    // Nothing is removed first: other programs may be running from the same folder.
    environments: { node: { build: { watch: {}, emptyOutDir: false } } },
  });
  const watching = await builder.build(builder.environments.node);
  watching.on('event', event => {
    if (event.code === 'END') onBuilt();
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
  });
  return watching;
}

/** One server at a time: the next starts after the one before has ended, and has the folder and the port to itself. */
function keepServer() {
  let child = null;
  let ended = Promise.resolve();
  let isUp = false;
  const waiting = [];
  let queue = Promise.resolve();

  async function stop() {
    isUp = false;
    child?.kill('SIGTERM');
    await ended;
  }
  function start() {
    const entry = join(root, 'dist/node/headless.js');
    const own = ['--host', host, '--port', `${serverPort}`, '--data-dir', config.dataDir, '--lang', config.lang];
    child = spawn(process.execPath, [entry, ...own], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PUBLIC_URL: pagesUrl },
    });
    // Its welcome is the sign that it listens, but names its own page and not Vite's.
    child.stdout.once('data', () => {
      isUp = true;
      for (const go of waiting.splice(0)) go();
      const token = readRuntime(config.dataDir)?.operatorToken;
      if (token && process.stdout.isTTY) process.stdout.write(`${pagesUrl}/kiosk#token=${token}\n`);
    });
    child.stdout.resume();
    ended = new Promise(resolve => child.once('exit', resolve));
  }
  return {
    stop,
    /** Resolves when it listens; a page that is asked for while it starts again waits. */
    isUp: () => new Promise(resolve => void (isUp ? resolve() : waiting.push(resolve))),
    restart() {
      queue = queue.then(stop).then(start);
      return queue;
    },
  };
}

async function freePort() {
  const probe = createTcp();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, host, resolve));
  const { port } = probe.address();
  await new Promise(resolve => probe.close(resolve));
  return port;
}
