/**
 * What the tests need besides `npm ci`: a browser, and for some of them system packages (CONTRACT 1, `npm test`). Installs
 * only as root on Debian or Ubuntu; what cannot be had never fails a run: those tests are skipped with a reason.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchOldChromium, lacksOldChromium } from './old-chromium.mjs';
import { say } from './words.mjs';

/** By the program that each of them brings. Chromium without its windows opens a page with a fifth less work. */
const packages = {
  'chromium-headless-shell': 'chromium-headless-shell',
  Xvfb: 'xvfb',
  WebKitWebDriver: 'webkit2gtk-driver',
  mariadbd: 'mariadb-server',
};
/** Of the system's own Python, for the clients of older servers that are written in it; by a file that each brings. */
const modules = {
  'python3-socketio': '/usr/lib/python3/dist-packages/socketio/__init__.py',
  'python3-requests': '/usr/lib/python3/dist-packages/requests/__init__.py',
  'python3-websocket': '/usr/lib/python3/dist-packages/websocket/__init__.py',
  'python3-websockets': '/usr/lib/python3/dist-packages/websockets/__init__.py',
};
/** Without it a browser draws a box for the mark that desk and phone share. Only pictures need it: no test fails without. */
const emojiFont = { package: 'fonts-noto-color-emoji', path: '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf' };

/** Where Chrome, Chromium and Edge stand on each system. */
const browsers = {
  linux: [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    name => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
    .map(name => process.env[name])
    .filter(folder => folder !== undefined)
    .flatMap(folder => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/**
 * @param {{all: boolean}} options `all`: system packages too, not only the browser.
 * @returns {{browser: string | null}} the path of a Chromium-like browser. `CHROME_PATH` names one to use instead.
 */
export function prepare({ all }) {
  const hasBrowser = () => Boolean(process.env.CHROME_PATH) || findBrowser() !== null;
  const missing = new Set([
    ...(hasBrowser() ? [] : [packages['chromium-headless-shell']]),
    ...(all && process.platform === 'linux' ? missingPackages() : []),
  ]);
  if (missing.size > 0 && canInstall()) install(missing);
  // Where the small one is not to be had.
  if (!hasBrowser() && canInstall()) install(['chromium']);
  if (all && lacksOldChromium()) fetchOld();
  const browser = findBrowser();
  if (browser === null) {
    say(
      'No hay Chrome, Chromium ni Edge: las pruebas de navegador se omiten. Instale uno (en Debian: apt install chromium) o dé su ruta en CHROME_PATH.',
      'There is no Chrome, Chromium or Edge: browser tests are skipped. Install one (on Debian: apt install chromium) or give its path in CHROME_PATH.',
    );
  }
  return { browser };
}

function fetchOld() {
  say('Se descarga Chromium 81.', 'Fetching Chromium 81.');
  try {
    fetchOldChromium();
  } catch (error) {
    say(`No se pudo: ${error.message}`, `It could not be had: ${error.message}`);
  }
}

function missingPackages() {
  const programs = Object.keys(packages).filter(program => !onPath(program));
  return [
    ...programs.map(program => packages[program]),
    ...Object.keys(modules).filter(name => !existsSync(modules[name])),
    ...(existsSync(emojiFont.path) ? [] : [emojiFont.package]),
  ];
}

function findBrowser() {
  const given = process.env.CHROME_PATH;
  if (given) return existsSync(given) ? given : null;
  for (const candidate of browsers[process.platform] ?? browsers.linux) {
    const path = /[/\\]/.test(candidate) ? (existsSync(candidate) ? candidate : null) : onPath(candidate);
    if (path) return path;
  }
  return null;
}

function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get') !== null;
}

/** All at once, which is quicker; else one after another: a package that is not to be had must not take the others with it. */
function install(names) {
  const all = [...names];
  say(`Se instala: ${all.join(', ')}`, `Installing: ${all.join(', ')}`);
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 480_000,
    }).status === 0;
  const has = (...some) => apt('install', '-y', '-qq', '--no-install-recommends', ...some);
  apt('update', '-qq');
  if (has(...all)) return;
  for (const name of all) if (!has(name)) say(`No se pudo instalar ${name}.`, `${name} could not be installed.`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  prepare({ all: process.argv.includes('--all') });
