/** The line that ends a start on a HOST that this computer does not have: bad configuration like any other, exit code 2. (CONTRACT 1.) */
export function unusableHost(lang: 'es' | 'en', host: string, why: string): string {
  const shown = JSON.stringify(host);
  return {
    es: `HOST = ${shown} no se puede usar (${why}); se admite una dirección de este equipo, o 0.0.0.0 para todas`,
    en: `HOST = ${shown} cannot be used (${why}); allowed is an address of this computer, or 0.0.0.0 for all of them`,
  }[lang];
}
