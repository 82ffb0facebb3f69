/**
 * `electron -r remember-tray.cjs .`: nothing outside can click on a tray, and Electron tells nobody which menu one has. So it
 * is noted as it is set, before the app runs. CommonJS, because `-r` takes nothing else.
 */
const { Tray } = require('electron');

const { setContextMenu, setToolTip } = Tray.prototype;
const appTray = { menu: null, toolTip: '' };
globalThis.appTray = appTray;

Tray.prototype.setContextMenu = function (menu) {
  appTray.menu = menu;
  setContextMenu.call(this, menu);
};
Tray.prototype.setToolTip = function (text) {
  appTray.toolTip = text;
  setToolTip.call(this, text);
};
