/** What the shell itself says: the tray, the menu, the dialogs. The pages have words of their own. */
export type Lang = 'es' | 'en';

export interface Words {
  openDesk: string;
  openDisplay: string;
  quit: string;
  edit: string;
  view: string;
  reload: string;
  fullScreen: string;
  devTools: string;
  alreadyRunning(address: string | null): string;
  cannotStart(reason: 'database' | 'no_port', what: string): string;
}

export const words: Readonly<Record<Lang, Words>> = {
  es: {
    openDesk: 'Abrir el mostrador',
    openDisplay: 'Pantalla del visitante',
    quit: 'Salir',
    edit: 'Edición',
    view: 'Ver',
    reload: 'Recargar',
    fullScreen: 'Pantalla completa',
    devTools: 'Herramientas de desarrollo',
    alreadyRunning: address =>
      `Mostrador ya está en marcha con esta carpeta de datos${address === null ? '' : `: ${address}`}`,
    cannotStart: (reason, what) =>
      `Mostrador no puede arrancar: ${
        {
          database: 'no se puede abrir la base de datos',
          no_port: 'no queda ningún puerto libre',
        }[reason]
      } (${what})`,
  },
  en: {
    openDesk: 'Open the desk',
    openDisplay: 'Visitor’s screen',
    quit: 'Quit',
    edit: 'Edit',
    view: 'View',
    reload: 'Reload',
    fullScreen: 'Full screen',
    devTools: 'Developer tools',
    alreadyRunning: address =>
      `Mostrador is already running on this data folder${address === null ? '' : `: ${address}`}`,
    cannotStart: (reason, what) =>
      `Mostrador cannot start: ${
        {
          database: 'the database cannot be opened',
          no_port: 'no port is free',
        }[reason]
      } (${what})`,
  },
};
