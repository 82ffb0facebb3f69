-- The chat's tables on MySQL 8 or MariaDB 10.6 and later. Mostrador runs this by itself, table by table, for those that are
-- missing; run it by hand where its database user may not create tables:  mysql upred_db < setup_database.sql
-- Tables that exist are left as they are.

CREATE TABLE IF NOT EXISTS grupos (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  nombre VARCHAR(200) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS miembros_grupo (
  grupo_id BIGINT NOT NULL,
  usuario_id BIGINT NOT NULL,
  PRIMARY KEY (grupo_id, usuario_id),
  KEY miembros_usuario (usuario_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS salas_chat (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tipo_sala VARCHAR(10) NOT NULL,
  usuario_a_id BIGINT NULL,
  usuario_b_id BIGINT NULL,
  grupo_id BIGINT NULL,
  KEY salas_a (usuario_a_id, usuario_b_id),
  KEY salas_b (usuario_b_id),
  KEY salas_grupo (grupo_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS mensajes (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  sala_chat_id BIGINT NOT NULL,
  remitente_id BIGINT NOT NULL,
  tipo_mensaje VARCHAR(10) NOT NULL,
  contenido MEDIUMTEXT NOT NULL,
  url_archivo TEXT NULL,
  KEY mensajes_sala (sala_chat_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS destinatarios_mensaje (
  mensaje_id BIGINT NOT NULL,
  destinatario_id BIGINT NOT NULL,
  entregado_en DATETIME(3) NULL,
  leido_en DATETIME(3) NULL,
  PRIMARY KEY (mensaje_id, destinatario_id),
  KEY destinatarios_pendientes (destinatario_id, entregado_en)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- What Mostrador adds stands beside those tables and never in them.

-- A user id of up to nine digits is its own number; any other gets one from 1,000,000,000 on.
CREATE TABLE IF NOT EXISTS mostrador_usuarios (
  numero BIGINT NOT NULL PRIMARY KEY,
  id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
  nombre VARCHAR(200) NULL,
  rol VARCHAR(20) NULL,
  creado_en BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS mostrador_grupos (
  grupo_id BIGINT NOT NULL PRIMARY KEY,
  clave VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL UNIQUE,
  abierto TINYINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- `clave` is unique so that two who ask at once for the same conversation get one.
CREATE TABLE IF NOT EXISTS mostrador_salas (
  sala_chat_id BIGINT NOT NULL PRIMARY KEY,
  uuid CHAR(36) CHARACTER SET ascii NOT NULL UNIQUE,
  clave VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
  creado_en BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS mostrador_mensajes (
  mensaje_id BIGINT NOT NULL PRIMARY KEY,
  remitente_id BIGINT NOT NULL,
  uuid CHAR(36) CHARACTER SET ascii NOT NULL,
  creado_en BIGINT NOT NULL,
  editado_en BIGINT NULL,
  UNIQUE KEY mensajes_uuid (remitente_id, uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
