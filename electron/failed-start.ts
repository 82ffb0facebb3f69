/** A start that cannot be: what is said of it, and the exit code that CONTRACT 1 gives it. Both entries say the same. */
import type { Config } from './config.ts';

export type StartFailure =
  | { reason: 'data_folder_locked' /** The first server's; `null` where it is not known. */; address: string | null }
  | { reason: 'secret_key'; path: string }
  | { reason: 'data_folder' | 'database' | 'host' | 'no_port'; message: string };

export function failedStart(
  failure: StartFailure,
  { lang, dataDir, host }: Pick<Config, 'lang' | 'dataDir' | 'host'>,
): { message: string; exitCode: 1 | 2 | 3 } {
  const say = (es: string, en: string) => ({ es, en })[lang];
  switch (failure.reason) {
    case 'data_folder_locked': {
      const where = failure.address ?? say('dirección aún desconocida', 'address not known yet');
      const taken = say(
        'Mostrador ya está en marcha con esta carpeta de datos',
        'Mostrador already uses this data folder',
      );
      const help = say(
        'deténgalo antes, o dé a este otra carpeta con --data-dir',
        'stop it first, or give this one another folder with --data-dir',
      );
      return { message: `${taken}: ${where} (${help})`, exitCode: 3 };
    }
    case 'data_folder':
      return { message: unusableFolder(lang, dataDir, failure.message), exitCode: 2 };
    case 'secret_key': {
      const es = `${failure.path} está dañado: póngalo como estaba, de una copia, o bórrelo y se hará otro (los teléfonos y tokens de ahora dejan de valer)`;
      const en = `${failure.path} is damaged: put it back from a copy, or delete it and another is made (today's phones and tokens are no longer good then)`;
      return { message: say(es, en), exitCode: 2 };
    }
    case 'host': {
      const what = say(
        'una dirección de este equipo, o 0.0.0.0 para todas',
        'an address of this computer, or 0.0.0.0 for all of them',
      );
      return { message: unusable(lang, 'HOST', host, failure.message, what), exitCode: 2 };
    }
    case 'database':
    case 'no_port': {
      const what = {
        database: say('no se puede abrir la base de datos', 'the database cannot be opened'),
        no_port: say('no queda ningún puerto libre', 'no port is free'),
      }[failure.reason];
      return {
        message: `${say('Mostrador no puede arrancar', 'Mostrador cannot start')}: ${what} (${failure.message})`,
        exitCode: 1,
      };
    }
    default:
      return failure satisfies never;
  }
}

/** Of a data folder that cannot be made or used, also before there is a server to say so. */
export function unusableFolder(lang: Config['lang'], dir: string, why: string): string {
  const what = { es: 'una carpeta en la que se pueda escribir', en: 'a folder that can be written to' }[lang];
  return unusable(lang, 'DATA_DIR', dir, why, what);
}

/** As bad configuration is told: the setting, its value, what is allowed. */
function unusable(lang: Config['lang'], setting: string, value: string, why: string, allowed: string): string {
  const shown = `${setting} = ${JSON.stringify(value)}`;
  return {
    es: `${shown} no se puede usar (${why}); se admite ${allowed}`,
    en: `${shown} cannot be used (${why}); allowed is ${allowed}`,
  }[lang];
}
