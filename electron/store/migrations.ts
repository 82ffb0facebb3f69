/** The database's shape, step by step. A step that has been released is never changed: the next one is added. */
import type { Driver } from './driver.ts';

const steps: readonly string[] = [
  `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    id_persona TEXT,
    label TEXT,
    shots TEXT NOT NULL,
    status TEXT NOT NULL,
    emoji TEXT NOT NULL,
    color TEXT NOT NULL,
    conversation_id TEXT,
    generation INTEGER NOT NULL,
    token_generation INTEGER,
    token_issued_at INTEGER,
    code_generation INTEGER,
    code_issued_at INTEGER,
    device TEXT,
    phone_token_hash TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX sessions_phone ON sessions (phone_token_hash) WHERE phone_token_hash IS NOT NULL;
  CREATE INDEX sessions_live ON sessions (created_at) WHERE ended_at IS NULL;

  CREATE TABLE pairing (
    hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    claim_hash TEXT
  ) STRICT;
  CREATE INDEX pairing_session ON pairing (session_id);
  CREATE INDEX pairing_expires ON pairing (expires_at);

  CREATE TABLE photos (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    id_persona TEXT,
    session_id TEXT REFERENCES sessions (id),
    mime TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    stored_sha256 TEXT,
    status TEXT NOT NULL,
    reason TEXT,
    shot TEXT,
    received_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX photos_session ON photos (session_id, n);
  CREATE INDEX photos_persona ON photos (id_persona, n);
  CREATE INDEX photos_received ON photos (received_at) WHERE deleted_at IS NULL;
  CREATE INDEX photos_unfinished ON photos (n) WHERE stored_sha256 IS NULL AND status <> 'quarantined' AND deleted_at IS NULL;
  CREATE INDEX photos_deleted ON photos (n) WHERE deleted_at IS NOT NULL;

  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    rooms TEXT NOT NULL,
    id_persona TEXT
  ) STRICT;
  CREATE INDEX journal_persona ON journal (id_persona) WHERE id_persona IS NOT NULL;

  CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    data TEXT NOT NULL,
    id_persona TEXT
  ) STRICT;
  CREATE INDEX activity_at ON activity (at);
  CREATE INDEX activity_persona ON activity (id_persona) WHERE id_persona IS NOT NULL;
  `,
  `
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    sub TEXT NOT NULL,
    role TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT;
  CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;
  `,
  // The chat, in the tables and columns of mysql/setup_database.sql.
  `
  CREATE TABLE grupos (id INTEGER PRIMARY KEY AUTOINCREMENT, nombre TEXT NOT NULL) STRICT;
  CREATE TABLE miembros_grupo (
    grupo_id INTEGER NOT NULL,
    usuario_id INTEGER NOT NULL,
    PRIMARY KEY (grupo_id, usuario_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX miembros_usuario ON miembros_grupo (usuario_id);
  CREATE TABLE salas_chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tipo_sala TEXT NOT NULL,
    usuario_a_id INTEGER,
    usuario_b_id INTEGER,
    grupo_id INTEGER
  ) STRICT;
  CREATE INDEX salas_a ON salas_chat (usuario_a_id, usuario_b_id);
  CREATE INDEX salas_b ON salas_chat (usuario_b_id);
  CREATE INDEX salas_grupo ON salas_chat (grupo_id);
  CREATE TABLE mensajes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sala_chat_id INTEGER NOT NULL,
    remitente_id INTEGER NOT NULL,
    tipo_mensaje TEXT NOT NULL,
    contenido TEXT NOT NULL,
    url_archivo TEXT
  ) STRICT;
  CREATE INDEX mensajes_sala ON mensajes (sala_chat_id, id);
  CREATE TABLE destinatarios_mensaje (
    mensaje_id INTEGER NOT NULL,
    destinatario_id INTEGER NOT NULL,
    entregado_en TEXT,
    leido_en TEXT,
    PRIMARY KEY (mensaje_id, destinatario_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX destinatarios_pendientes ON destinatarios_mensaje (destinatario_id) WHERE entregado_en IS NULL;

  CREATE TABLE mostrador_usuarios (
    numero INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    nombre TEXT,
    rol TEXT,
    creado_en INTEGER
  ) STRICT;
  CREATE TABLE mostrador_grupos (grupo_id INTEGER PRIMARY KEY, clave TEXT UNIQUE, abierto INTEGER NOT NULL) STRICT;
  CREATE TABLE mostrador_salas (
    sala_chat_id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    clave TEXT NOT NULL UNIQUE,
    creado_en INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE mostrador_mensajes (
    mensaje_id INTEGER PRIMARY KEY,
    remitente_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creado_en INTEGER NOT NULL,
    editado_en INTEGER,
    UNIQUE (remitente_id, uuid)
  ) STRICT;
  `,
  // Files of the chat. Their conversations may be in MySQL, so nothing refers to them from here.
  `
  CREATE TABLE files (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX files_conversation ON files (conversation_id, owner);
  CREATE INDEX files_created ON files (created_at) WHERE deleted_at IS NULL;
  CREATE INDEX files_deleted ON files (id) WHERE deleted_at IS NOT NULL;
  `,
  `
  ALTER TABLE sessions ADD COLUMN consent_version TEXT;
  ALTER TABLE sessions ADD COLUMN consent_at INTEGER;
  `,
  // The dashboard's figures. A visit outlives its session, and then says nothing of whose it was.
  `
  CREATE TABLE minutes (
    minute INTEGER PRIMARY KEY,
    sessions INTEGER NOT NULL,
    photos INTEGER NOT NULL,
    events INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    broken_off INTEGER NOT NULL,
    reconnects INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE visits (
    n INTEGER PRIMARY KEY,
    session_id TEXT UNIQUE REFERENCES sessions (id) ON DELETE SET NULL,
    shown_at INTEGER,
    scanned_at INTEGER,
    paired_at INTEGER,
    photo_at INTEGER,
    accepted_at INTEGER,
    phone_came INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX visits_last ON visits (last_at, scanned_at, paired_at, photo_at, accepted_at);
  CREATE INDEX visits_photo ON visits (photo_at, scanned_at) WHERE photo_at IS NOT NULL;
  `,
  `
  CREATE TABLE s1_names (
    name TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX s1_names_session ON s1_names (session_id);
  `,
  // Persons: who there is, who sent the same photo twice, and what of a deleted one is still to be removed elsewhere.
  `
  CREATE INDEX sessions_persona ON sessions (id_persona, created_at, ended_at) WHERE id_persona IS NOT NULL;
  CREATE INDEX photos_people ON photos (id_persona, status, received_at)
    WHERE deleted_at IS NULL AND id_persona IS NOT NULL;
  CREATE INDEX photos_same ON photos (id_persona, sha256, n) WHERE deleted_at IS NULL;
  CREATE TABLE erasures (
    id TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    sessions TEXT NOT NULL,
    conversations TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE photos ADD COLUMN relayed INTEGER NOT NULL DEFAULT 0;
  `,
];

/** The database was made by a newer Mostrador, and is not to be touched by this one. */
export class NewerDatabase extends Error {
  override name = 'NewerDatabase';
  readonly words: { es: string; en: string };
  constructor(version: number) {
    const known = steps.length;
    const en = `a newer Mostrador made it: format ${version}, this one knows ${known}; nothing was changed, update this one`;
    super(en);
    this.words = {
      es: `la hizo un Mostrador más nuevo: formato ${version}, este conoce el ${known}; no se ha cambiado nada, actualice este`,
      en,
    };
  }
}

/** Throws `NewerDatabase`. To be asked before anything else: what looks damaged to this program may be whole to a newer one. */
export function versionOf(driver: Driver): number {
  const version = Number(driver.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > steps.length) throw new NewerDatabase(version);
  return version;
}

/** Brings the database up to date. */
export function migrate(driver: Driver): void {
  const version = versionOf(driver);
  steps.slice(version).forEach((sql, index) => {
    driver.transaction(() => {
      driver.exec(sql);
      driver.exec(`PRAGMA user_version = ${version + index + 1}`);
    });
  });
}
