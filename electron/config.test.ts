import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsTable } from './config/settings.ts';
import { type Config, type ConfigResult, readConfig, type Sources } from './config.ts';

function read(sources: Partial<Omit<Sources, 'settingsOf'>> & { settings?: string } = {}): ConfigResult {
  const { settings = null, ...rest } = sources;
  return readConfig({
    argv: [],
    env: {},
    dotenv: null,
    settingsOf: () => settings,
    platform: 'linux',
    homedir: '/home/ana',
    cwd: '/srv/desk',
    ...rest,
  });
}

function config(sources: Parameters<typeof read>[0]) {
  const result = read(sources);
  if (!result.ok) throw new Error(result.message);
  return result.config;
}

function refusal(sources: Parameters<typeof read>[0]): string {
  const result = read(sources);
  if (result.ok) throw new Error('it was taken');
  expect(result.exitCode).toBe(2);
  expect(result.message).not.toContain('\n');
  return result.message;
}

describe('where a setting comes from', () => {
  test('[CONF1] a flag wins over the environment, that over .env, that over settings.json, that over the default', () => {
    const all = { argv: ['--port', '1001'], env: { PORT: '1002' }, dotenv: 'PORT=1003', settings: '{"PORT": 1004}' };
    expect(config(all).port).toBe(1001);
    expect(config({ ...all, argv: [] }).port).toBe(1002);
    expect(config({ ...all, argv: [], env: {} }).port).toBe(1003);
    expect(config({ settings: all.settings }).port).toBe(1004);
    expect(config({}).port).toBe(8080);
  });

  test('[CONF2] the first of PORT, WEBSOCKET_PORT and WS_PORT that is set wins, and HOST over WS_HOST', () => {
    expect(config({ env: { WS_PORT: '3', WEBSOCKET_PORT: '2', PORT: '1' } }).port).toBe(1);
    expect(config({ env: { WS_PORT: '3', WEBSOCKET_PORT: '2', PORT: '' } }).port).toBe(2);
    expect(config({ env: { WS_PORT: '3' } }).port).toBe(3);
    expect(config({ env: { WS_PORT: '3' }, dotenv: 'PORT=1' }).port).toBe(3);
    expect(config({ env: { WS_HOST: '::1', HOST: 'localhost' } }).host).toBe('localhost');
    expect(config({ env: { WS_HOST: '::1' } }).host).toBe('::1');
  });

  test('[CONF3] DEBUG=true is the level debug; LOG_LEVEL wins over it, and any other DEBUG is ignored', () => {
    expect(config({ env: { DEBUG: 'true' } }).logLevel).toBe('debug');
    expect(config({ env: { DEBUG: 'True' } }).logLevel).toBe('debug');
    expect(config({ env: { DEBUG: 'express:*' } }).logLevel).toBe('info');
    expect(config({ env: { DEBUG: 'true', LOG_LEVEL: 'WARN' } }).logLevel).toBe('warn');
  });

  test('[CONF4] LANGUAGE counts only where it starts with es or en; --lang and MOSTRADOR_LANG win over it', () => {
    expect(config({ env: { LANGUAGE: 'en_US:en' } }).lang).toBe('en');
    expect(config({ env: { LANGUAGE: 'fr_FR' } }).lang).toBe('es');
    expect(config({ env: { LANGUAGE: 'en', MOSTRADOR_LANG: 'es' } }).lang).toBe('es');
    expect(config({ env: { MOSTRADOR_LANG: 'es' }, argv: ['--lang', 'en'] }).lang).toBe('en');
  });

  test('[CONF5] settings.json is an object of the same names; numbers and lists count, an unknown name is refused', () => {
    expect(config({ settings: '{"EXTRA_PORTS": [4000, 5000], "RETENTION_DAYS": 7, "WIFI_SSID": null}' })).toMatchObject(
      {
        extraPorts: [4000, 5000],
        retentionDays: 7,
        wifi: null,
      },
    );
    expect(refusal({ settings: '{"PROT": 1}' })).toContain('"PROT"');
    expect(refusal({ settings: '{"DATA_DIR": "/x"}' })).toContain('"DATA_DIR"');
    expect(refusal({ settings: '[1]' })).toContain('settings.json');
    expect(refusal({ settings: '{' })).toContain('settings.json');
    expect(refusal({ settings: '{"PORT": {"a": 1}}' })).toContain('PORT');
  });

  test('[CONF6] settings.json is looked for in the data folder that the flags, the environment or .env name', () => {
    const asked: string[] = [];
    const settingsOf = (dir: string) => {
      asked.push(dir);
      return null;
    };
    const base = { env: {}, platform: 'linux', homedir: '/home/ana', cwd: '/srv/desk' } as const;
    readConfig({ ...base, argv: ['--data-dir', 'here'], dotenv: 'DATA_DIR=/there', settingsOf });
    readConfig({ ...base, argv: [], dotenv: 'DATA_DIR=/there', settingsOf });
    readConfig({ ...base, argv: [], dotenv: 'DATA_DIR=~/desk', settingsOf });
    readConfig({ ...base, argv: [], dotenv: null, settingsOf });
    expect(asked).toEqual(['/srv/desk/here', '/there', '/home/ana/desk', '/home/ana/.local/share/mostrador']);
  });
});

describe('what a setting may be', () => {
  test('[CONF7] a refusal is one line with the setting, where it came from, its value and what is allowed', () => {
    const line = refusal({ env: { PORT: 'ochenta' } });
    for (const part of ['PORT', 'entorno', '"ochenta"', '0 a 65535']) expect(line).toContain(part);
    expect(refusal({ env: { PORT: 'x', MOSTRADOR_LANG: 'en' } })).toMatch(
      /^Bad configuration: PORT = "x" \(environment\)/,
    );
    expect(refusal({ dotenv: 'WS_PORT=x' })).toContain('WS_PORT = "x" (.env)');
    expect(refusal({ argv: ['--port', '70000'] })).toContain('--port = "70000"');
    expect(refusal({ env: { DESK_NAME: `a\nb${'x'.repeat(200)}` } }).length).toBeLessThan(300);
  });

  test('[CONF8] a secret is never shown, not even where it is refused', () => {
    expect(refusal({ env: { SECRET_KEY: 'hush\u0007' } })).not.toContain('hush');
    expect(refusal({ env: { WIFI_PASSWORD: 'hush'.repeat(30) } })).not.toContain('hush');
  });

  test.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['EXTRA_PORTS', '4000,0'],
    ['HOST', '300.1.1.1'],
    ['HOST', 'a b'],
    ['PUBLIC_URL', 'ftp://desk.example'],
    ['PUBLIC_URL', 'desk.example'],
    ['PUBLIC_URL', 'https://desk.example/sub'],
    ['CORS_ALLOWED_ORIGINS', '*'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.example,*'],
    ['CORS_ALLOWED_ORIGINS', 'https://*.a.example'],
    ['CORS_ALLOWED_ORIGINS', 'a.example'],
    ['FRONTEND_URL', '*'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.example/page'],
    ['ALLOWED_HOSTS', 'http://a.example'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy'],
    ['LEGACY_ALLOW', '::1/129'],
    ['LEGACY_ALLOW', '1.2.3.4/'],
    ['DJANGO_BASE_URL', 'javascript:alert(1)'],
    ['LOG_LEVEL', 'loud'],
    ['MOSTRADOR_LANG', 'fr'],
    ['RETENTION_DAYS', '0'],
    ['MAX_PHOTO_MB', '1e3'],
    ['LAN_INTERFACE', 'x'.repeat(101)],
    ['LAN_INTERFACE', 'eth0\u0007'],
    ['WIFI_SSID', 'x'.repeat(33)],
    ['WIFI_SSID', 'a\nb'],
    ['WIFI_PASSWORD', 'x'.repeat(64)],
    ['DB_HOST', 'a b'],
    ['DB_HOST', '300.1.1.1'],
    ['DB_PORT', '0'],
    ['DB_PORT', '65536'],
    ['DB_USER', 'x'.repeat(81)],
    ['DB_PASSWORD', 'x'.repeat(501)],
    ['DB_NAME', 'x'.repeat(65)],
    ['DB_NAME', 'a\u0000b'],
    ['DJANGO_BASE_URL', 'django.example/api'],
    ['DJANGO_BASE_URL', 'https://user:word@django.example/'],
    ['DJANGO_BASE_URL', 'https://django.example/?page=1'],
    ['DJANGO_AUTH_SCHEME', 'x'.repeat(31)],
    ['DJANGO_AUTH_SCHEME', 'Token\r\nX-Evil: 1'],
    ['DJANGO_TIMEOUT_MS', '99'],
    ['DJANGO_TIMEOUT_MS', '120001'],
    ['DJANGO_TIMEOUT_MS', '10s'],
  ])('[CONF9] %s=%s is refused by name', (name, text) => {
    expect(refusal({ env: { [name]: text } })).toContain(`${name} = `);
  });

  test.each([
    ['MAX_PHOTO_MB', 1, 100],
    ['MAX_PHOTO_MEGAPIXELS', 1, 250],
    ['MAX_SESSION_PHOTOS', 1, 100_000],
    ['MAX_SESSION_MB', 1, 1_000_000],
    ['MAX_MESSAGE_KB', 1, 16_384],
    ['MAX_S0_FRAME_MB', 1, 200],
    ['MAX_WS_PER_ADDRESS', 1, 100_000],
    ['MAX_TCP_PER_ADDRESS', 1, 100_000],
    ['MAX_UNAUTHENTICATED_PER_ADDRESS', 1, 100_000],
    ['UPLOADS_PER_MINUTE', 1, 100_000],
    ['CHAT_PER_MINUTE', 1, 100_000],
    ['CHAT_CHARS', 1, 100_000],
    ['CODE_FAILURES_PER_ADDRESS', 1, 100_000],
    ['CODE_FAILURES_IN_ALL', 1, 100_000],
  ])('[CONF9] %s is a whole number from %d to %d, and anything else is refused by name', (name, least, most) => {
    for (const text of [`${least}`, `${most}`]) expect(config({ env: { [name]: text } }).limits).toBeTruthy();
    for (const text of [`${least - 1}`, `${most + 1}`, '-1', '2.5', '1e1', 'many', '0x10', '12 MB', 'Infinity']) {
      const line = refusal({ env: { [name]: text } });
      expect(line).toContain(`${name} = ${JSON.stringify(text)}`);
      expect(line).toContain(`de ${least} a ${most}`);
    }
  });

  test('[CONF10] origins are read as browsers send them; null only by its name; FRONTEND_URL adds to the list', () => {
    const read = config({
      env: { CORS_ALLOWED_ORIGINS: 'HTTPS://A.example:443/ , null,http://b:5173', FRONTEND_URL: 'http://c/' },
    });
    expect(read.corsOrigins).toEqual(['https://a.example', 'null', 'http://b:5173', 'http://c']);
    expect(config({}).corsOrigins).toEqual([]);
  });

  test('[CONF11] LEGACY_ALLOW is loopback unless it is set, and none empties it', () => {
    expect(config({}).legacyAllow).toEqual(['127.0.0.0/8', '::1']);
    expect(config({ env: { LEGACY_ALLOW: '192.168.1.0/24, ::1' } }).legacyAllow).toEqual(['192.168.1.0/24', '::1']);
    expect(config({ env: { LEGACY_ALLOW: 'none' } }).legacyAllow).toEqual([]);
  });

  test('[CONF12] a SECRET_KEY under 32 bytes gets a warning in the language that was chosen', () => {
    expect(config({ env: { SECRET_KEY: 'x'.repeat(31) } }).warnings).toEqual([expect.stringContaining('corta')]);
    expect(config({ env: { SECRET_KEY: 'short', MOSTRADOR_LANG: 'en' } }).warnings).toEqual([
      expect.stringContaining('short'),
    ]);
    expect(config({ env: { SECRET_KEY: 'ñ'.repeat(16) } }).warnings).toEqual([]);
    expect(config({}).secretKey).toBeNull();
  });

  test('[CONF13] every default of the limits, sizes in bytes', () => {
    expect(config({}).limits).toEqual({
      maxPhotoBytes: 12_582_912,
      maxPhotoMegapixels: 50,
      maxSessionPhotos: 100,
      maxSessionBytes: 524_288_000,
      maxMessageBytes: 65_536,
      maxS0FrameBytes: 17_825_792,
      maxWsPerAddress: 64,
      maxTcpPerAddress: 256,
      maxUnauthenticatedPerAddress: 8,
      uploadsPerMinute: 30,
      chatPerMinute: 30,
      chatChars: 2000,
      codeFailuresPerAddress: 5,
      codeFailuresInAll: 30,
    });
    const names: [string, keyof Config['limits'], number][] = [
      ['MAX_PHOTO_MB', 'maxPhotoBytes', 3_145_728],
      ['MAX_PHOTO_MEGAPIXELS', 'maxPhotoMegapixels', 3],
      ['MAX_SESSION_PHOTOS', 'maxSessionPhotos', 3],
      ['MAX_SESSION_MB', 'maxSessionBytes', 3_145_728],
      ['MAX_MESSAGE_KB', 'maxMessageBytes', 3_072],
      ['MAX_S0_FRAME_MB', 'maxS0FrameBytes', 3_145_728],
      ['MAX_WS_PER_ADDRESS', 'maxWsPerAddress', 3],
      ['MAX_TCP_PER_ADDRESS', 'maxTcpPerAddress', 3],
      ['MAX_UNAUTHENTICATED_PER_ADDRESS', 'maxUnauthenticatedPerAddress', 3],
      ['UPLOADS_PER_MINUTE', 'uploadsPerMinute', 3],
      ['CHAT_PER_MINUTE', 'chatPerMinute', 3],
      ['CHAT_CHARS', 'chatChars', 3],
      ['CODE_FAILURES_PER_ADDRESS', 'codeFailuresPerAddress', 3],
      ['CODE_FAILURES_IN_ALL', 'codeFailuresInAll', 3],
    ];
    expect(names.map(([, field]) => field).toSorted()).toEqual(Object.keys(config({}).limits).toSorted());
    for (const [name, field, value] of names) {
      expect(config({ env: { [name]: '3' } }).limits, name).toEqual({ ...config({}).limits, [field]: value });
    }
  });

  test('[CONF14] MySQL, Django and the Wi-Fi are there only when their first setting is', () => {
    expect(config({})).toMatchObject({ database: null, django: null, wifi: null });
    const set = config({
      dotenv: 'DB_HOST=127.0.0.1\nDB_PASSWORD=" a "\nDJANGO_BASE_URL=https://d.example/api\nWIFI_SSID=Visitas',
    });
    expect(set.database).toEqual({ host: '127.0.0.1', port: 3306, user: 'root', password: ' a ', name: 'upred_db' });
    expect(set.django).toEqual({ baseUrl: 'https://d.example/api/', scheme: 'Token', timeoutMs: 10_000 });
    expect(set.wifi).toEqual({ ssid: 'Visitas', password: '' });
  });
});

describe('the command line', () => {
  test('[CONF15] an unknown flag, a flag without its value and a stray word are refused', () => {
    expect(refusal({ argv: ['--prot', '1'] })).toContain('--prot');
    expect(refusal({ argv: ['--port'] })).toContain('--port');
    expect(refusal({ argv: ['--port='] })).toContain('--port');
    expect(refusal({ argv: ['9000'] })).toContain('9000');
  });

  test('[CONF400] an empty flag and a settings.json that is no JSON are told what is allowed, too', () => {
    expect(refusal({ argv: ['--port='] })).toContain('--port = "" (línea de órdenes); se admite un número entero');
    expect(refusal({ argv: ['--host', ''] })).toContain('--host = "" (línea de órdenes); se admite');
    expect(refusal({ argv: ['--data-dir='] })).toContain('--data-dir = "" (línea de órdenes); se admite');
    expect(refusal({ argv: ['--lang=', '--port', '1'] })).toContain('--lang = "" (línea de órdenes); se admite');
    expect(refusal({ settings: '{' })).toContain('settings.json no es JSON; se admite');
  });

  test('[CONF16] in Electron the switches of Chromium are passed over, our own still count', () => {
    const argv = ['.', '--no-sandbox', '--remote-debugging-port=0', '--port', '9000', '--no-open'];
    expect(config({ argv, lenientFlags: true })).toMatchObject({ port: 9000, open: false });
    expect(refusal({ argv: ['--port'], lenientFlags: true })).toContain('--port');
  });

  test('[CONF17] --help is an answer and no mistake', () => {
    const result = read({ argv: ['--help'], env: { PORT: 'x' } });
    expect(result).toMatchObject({ ok: false, exitCode: 0, message: expect.stringContaining('--data-dir') });
    expect(read({ argv: ['-h', '--lang', 'en'] })).toMatchObject({ message: expect.stringContaining('Usage') });
  });

  test('[CONF18] --no-open keeps everything shut; the Config cannot be changed', () => {
    expect(config({}).open).toBe(true);
    const read = config({ argv: ['--no-open'] });
    expect(read.open).toBe(false);
    expect(Object.isFrozen(read)).toBe(true);
    expect(Object.isFrozen(read.limits)).toBe(true);
    expect(Object.isFrozen(read.legacyAllow)).toBe(true);
  });
});

test('[CONF19] .env.example has every setting once with its default, reads without a mistake, and has no other', () => {
  const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8');
  const lines = [...example.matchAll(/^#([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));
  const table = Object.values(settingsTable({ cwd: '/', home: '/', dataDir: '' }));
  expect(lines.map(({ name }) => name).sort()).toEqual(table.map(({ names }) => names[0]).sort());
  const said = lines.map(({ name, value }) => `${name}=${value}`).join('\n');
  const { fixed, ...read } = config({ dotenv: said });
  const { fixed: none, ...untold } = config({});
  expect(read).toEqual(untold);
  expect(none).toEqual({});
  expect(new Set(Object.values(fixed))).toEqual(new Set(['.env']));
});
