/** Lines of the scripts for a person: Spanish unless the flag or the environment says English. */
const flag = process.argv.indexOf('--lang');
const asked =
  (flag > 0 ? process.argv[flag + 1] : process.argv.find(argument => argument.startsWith('--lang='))?.slice(7)) ??
  process.env.MOSTRADOR_LANG ??
  process.env.LANGUAGE ??
  'es';

/** @type {(es: string, en: string) => string} */
export const words = (es, en) => (/^en/i.test(asked) ? en : es);

/** One line on standard error: standard output belongs to the program that is started. */
export function say(es, en) {
  process.stderr.write(`${words(es, en)}\n`);
}
