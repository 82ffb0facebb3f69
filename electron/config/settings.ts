/**
 * The table of settings: each with its names, how it is read, and what it is when nobody sets it (CONTRACT 2 and 7).
 * The first name is the one that the documents use; an earlier name wins over a later one in the same source.
 */
import {
  addressRange,
  baseUrl,
  folder,
  host,
  type Kind,
  list,
  oneOf,
  origin,
  paragraphs,
  sentences,
  serverUrl,
  shotLists,
  text,
  whole,
  yesOrNo,
} from './kinds.ts';
import { pin } from './pin.ts';

export interface Setting<T, Default> {
  names: readonly string[];
  kind: Kind<T>;
  fallback: Default;
  /** Its command-line flag, without the dashes. */
  flag?: string;
  /** Its value is never shown. */
  secret?: boolean;
  /** Another program's variable that counts only when `as` finds something in it. */
  borrowed?: { name: string; as(value: string): string | undefined };
}

type More = Pick<Setting<never, never>, 'flag' | 'secret' | 'borrowed'>;

function setting<T, Default extends T | null>(
  names: string,
  kind: Kind<T>,
  fallback: Default,
  more: More = {},
): Setting<T, Default> {
  return { names: names.split(' '), kind, fallback, ...more };
}

/** `cwd` and `home` are what a relative folder and `~` stand for; `dataDir` is the platform's own place for data. */
export function settingsTable(at: { cwd: string; home: string; dataDir: string }) {
  return {
    port: setting('PORT WEBSOCKET_PORT WS_PORT', whole(0, 65535), 8080, { flag: 'port' }),
    host: setting('HOST WS_HOST', host, '0.0.0.0', { flag: 'host' }),
    extraPorts: setting('EXTRA_PORTS', list(whole(1, 65535)), []),
    dataDir: setting('DATA_DIR', folder(at.cwd, at.home), at.dataDir, { flag: 'data-dir' }),
    publicUrl: setting('PUBLIC_URL', serverUrl, null),
    lanInterface: setting('LAN_INTERFACE', text(100), null),
    deskName: setting('DESK_NAME', text(40), 'Mostrador'),
    lang: setting('MOSTRADOR_LANG', oneOf('es', 'en'), 'es', {
      flag: 'lang',
      borrowed: { name: 'LANGUAGE', as: value => /^(es|en)/i.exec(value)?.[0] },
    }),
    logLevel: setting('LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error', 'silent'), 'info', {
      borrowed: { name: 'DEBUG', as: value => (value.toLowerCase() === 'true' ? 'debug' : undefined) },
    }),
    retentionDays: setting('RETENTION_DAYS', whole(1, 3650), 30),

    // What the desk and its visitors see. `null`: Mostrador's own words, in the desk's language (config/wording.ts).
    consentText: setting('CONSENT_TEXT', paragraphs(4000), null),
    consentVersion: setting('CONSENT_VERSION', text(40), '1'),
    shotLists: setting('SHOT_LISTS', shotLists, null),
    quickReplies: setting('QUICK_REPLIES', sentences(30, 300), null),
    sounds: setting('SOUNDS', yesOrNo, true),
    theme: setting('THEME', oneOf('system', 'light', 'dark'), 'system'),
    blurMinutes: setting('BLUR_MINUTES', whole(0, 240), 5),
    autostart: setting('AUTOSTART', yesOrNo, false),
    settingsPin: setting('SETTINGS_PIN', pin, null, { secret: true }),

    secretKey: setting('SECRET_KEY', text(1000), null, { secret: true }),
    corsOrigins: setting('CORS_ALLOWED_ORIGINS', list(origin), []),
    frontendUrl: setting('FRONTEND_URL', list(origin), []),
    allowedHosts: setting('ALLOWED_HOSTS', list(host), []),
    trustedProxies: setting('TRUSTED_PROXIES', list(addressRange), []),
    legacyAllow: setting('LEGACY_ALLOW', list(addressRange), ['127.0.0.0/8', '::1']),

    dbHost: setting('DB_HOST', host, null),
    dbPort: setting('DB_PORT', whole(1, 65535), 3306),
    dbUser: setting('DB_USER', text(80), 'root'),
    dbPassword: setting('DB_PASSWORD', text(500), '', { secret: true }),
    dbName: setting('DB_NAME', text(64), 'upred_db'),
    djangoBaseUrl: setting('DJANGO_BASE_URL', baseUrl, null),
    djangoAuthScheme: setting('DJANGO_AUTH_SCHEME', text(30), 'Token'),
    djangoTimeoutMs: setting('DJANGO_TIMEOUT_MS', whole(100, 120_000), 10_000),
    wifiSsid: setting('WIFI_SSID', text(32), null),
    wifiPassword: setting('WIFI_PASSWORD', text(63), '', { secret: true }),

    maxPhotoMb: setting('MAX_PHOTO_MB', whole(1, 100), 12),
    maxPhotoMegapixels: setting('MAX_PHOTO_MEGAPIXELS', whole(1, 250), 50),
    maxSessionPhotos: setting('MAX_SESSION_PHOTOS', whole(1, 100_000), 100),
    maxSessionMb: setting('MAX_SESSION_MB', whole(1, 1_000_000), 500),
    maxMessageKb: setting('MAX_MESSAGE_KB', whole(1, 16_384), 64),
    maxS0FrameMb: setting('MAX_S0_FRAME_MB', whole(1, 200), 17),
    maxWsPerAddress: setting('MAX_WS_PER_ADDRESS', whole(1, 100_000), 64),
    maxTcpPerAddress: setting('MAX_TCP_PER_ADDRESS', whole(1, 100_000), 256),
    maxUnauthenticatedPerAddress: setting('MAX_UNAUTHENTICATED_PER_ADDRESS', whole(1, 100_000), 8),
    uploadsPerMinute: setting('UPLOADS_PER_MINUTE', whole(1, 100_000), 30),
    chatPerMinute: setting('CHAT_PER_MINUTE', whole(1, 100_000), 30),
    chatChars: setting('CHAT_CHARS', whole(1, 100_000), 2000),
    codeFailuresPerAddress: setting('CODE_FAILURES_PER_ADDRESS', whole(1, 100_000), 5),
    codeFailuresInAll: setting('CODE_FAILURES_IN_ALL', whole(1, 100_000), 30),
  };
}

type Table = ReturnType<typeof settingsTable>;

/** What the table gives once it is read. */
export type Values = {
  [K in keyof Table]: Table[K] extends Setting<infer T, infer D> ? T | (null extends D ? null : never) : never;
};
