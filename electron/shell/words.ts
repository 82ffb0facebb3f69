/** What the shell itself says: the tray, the menu, the dialogs. The pages have words of their own. */
import type { Lang } from '../../protocol/primitives.ts';

export interface Words {
  openDesk: string;
  openDisplay: string;
  quit: string;
  hide: string;
  hideOthers: string;
  unhide: string;
  edit: string;
  undo: string;
  redo: string;
  cut: string;
  copy: string;
  paste: string;
  selectAll: string;
  view: string;
  reload: string;
  zoomIn: string;
  zoomOut: string;
  resetZoom: string;
  fullScreen: string;
  devTools: string;
  window: string;
  minimize: string;
  close: string;
}

export const words: Readonly<Record<Lang, Words>> = {
  es: {
    openDesk: 'Abrir el mostrador',
    openDisplay: 'Pantalla del visitante',
    quit: 'Salir',
    hide: 'Ocultar Mostrador',
    hideOthers: 'Ocultar otros',
    unhide: 'Mostrar todo',
    edit: 'Edición',
    undo: 'Deshacer',
    redo: 'Rehacer',
    cut: 'Cortar',
    copy: 'Copiar',
    paste: 'Pegar',
    selectAll: 'Seleccionar todo',
    view: 'Ver',
    reload: 'Recargar',
    zoomIn: 'Ampliar',
    zoomOut: 'Reducir',
    resetZoom: 'Tamaño real',
    fullScreen: 'Pantalla completa',
    devTools: 'Herramientas de desarrollo',
    window: 'Ventana',
    minimize: 'Minimizar',
    close: 'Cerrar',
  },
  en: {
    openDesk: 'Open the desk',
    openDisplay: 'Visitor’s screen',
    quit: 'Quit',
    hide: 'Hide Mostrador',
    hideOthers: 'Hide others',
    unhide: 'Show all',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: 'View',
    reload: 'Reload',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullScreen: 'Full screen',
    devTools: 'Developer tools',
    window: 'Window',
    minimize: 'Minimise',
    close: 'Close',
  },
};
