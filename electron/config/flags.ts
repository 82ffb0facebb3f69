/** The command line of both starts (CONTRACT 1). */
import { parseArgs } from 'node:util';
import type { Words } from './kinds.ts';

export interface Flags {
  /** Values by flag name, without the dashes. */
  values: Record<string, string>;
  open: boolean;
  help: boolean;
}

/** Those that take a value. */
const valued = ['port', 'host', 'data-dir', 'lang'] as const;

/**
 * Reads the flags. `lenient` passes over what it does not know: Electron's own command line carries Chromium's switches.
 * @returns the flags, or a sentence that says what is wrong with them.
 */
export function readFlags(argv: readonly string[], lenient: boolean): Flags | Words {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: !lenient,
      allowPositionals: lenient,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'data-dir': { type: 'string' },
        lang: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const given: Record<string, string> = {};
    for (const name of valued) {
      const value = values[name];
      if (value === undefined) continue;
      // An empty one is refused like any other bad value, with what is allowed.
      if (typeof value !== 'string') {
        return { es: `--${name} necesita un valor`, en: `--${name} needs a value` };
      }
      given[name] = value;
    }
    return { values: given, open: values['no-open'] !== true, help: values.help === true };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('. To specify')[0]?.split('\n')[0];
    const known = [...valued.map(name => `--${name}`), '--no-open', '--help'].join(' ');
    return {
      es: `opción no válida (${reason}); se admiten ${known}`,
      en: `bad option (${reason}); allowed are ${known}`,
    };
  }
}

export const usage: Words = {
  es: `Uso: npm start -- [opciones]              con ventana
     npm run start:headless -- [opciones]  solo el servidor

  --port N          puerto (8080; 0: uno libre)
  --host H          dirección en la que escucha (0.0.0.0)
  --data-dir CARPETA  dónde se guardan los datos
  --lang es|en      idioma
  --no-open         no abre ninguna ventana ni navegador
  --help            esta ayuda

Los demás ajustes son variables de entorno o líneas de un archivo .env: vea .env.example.`,
  en: `Usage: npm start -- [options]               with a window
       npm run start:headless -- [options]  the server alone

  --port N          port (8080; 0: any free one)
  --host H          address to listen on (0.0.0.0)
  --data-dir DIR    where data is kept
  --lang es|en      language
  --no-open         opens no window and no browser
  --help            this help

Every other setting is an environment variable or a line of a .env file: see .env.example.`,
};
