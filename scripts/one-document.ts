/**
 * Puts a page's program and style into the page itself: one answer, and it is there whole. On a bad network the second answer would
 * come half a second later, or not at all.
 */
import type { Plugin, Rolldown } from 'vite';

/** For the pages of one environment of the build. */
export function oneDocument(environment: string): Plugin {
  return {
    name: 'one-document',
    enforce: 'post',
    applyToEnvironment: ({ name }) => name === environment,
    // After the licences have been read off the programs.
    generateBundle: { order: 'post', handler: (_options, bundle) => void putTogether(bundle) },
  };
}

/** What is drawn comes before what is run. */
function putTogether(bundle: Rolldown.OutputBundle): void {
  const take = (path: string): string => {
    const file = bundle[path.slice(1)];
    if (!file) throw new Error(`${path} is not in the build`);
    delete bundle[file.fileName];
    return file.type === 'chunk' ? file.code : String(file.source);
  };
  for (const page of Object.values(bundle)) {
    if (page.type !== 'asset' || !page.fileName.endsWith('.html')) continue;
    let programs = '';
    const html = String(page.source)
      .replace(/<link rel="stylesheet"[^>]* href="([^"]+)"( nonce="[^"]+")?[^>]*>/g, (_tag, path, nonce = '') => {
        return `<style${nonce}>${take(path)}</style>`;
      })
      // Without a nonce: the server tells browsers its hash.
      .replace(/<script type="module"[^>]* src="([^"]+)"[^>]*><\/script>/g, (_tag, path) => {
        const program = take(path)
          .replaceAll('</script', '<\\/script')
          .replaceAll('<!--', '<\\!--')
          // With one sign past Latin-1 a browser keeps all of the page in two bytes a character, and reads it the slower.
          .replace(/[\u0100-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
        programs += `<script type="module">${program}</script>\n`;
        return '';
      });
    page.source = html.replace('</body>', () => `${programs}</body>`);
  }
}
