/** Runs before the desk's page, in its sandbox: gives it `window.mostrador` and nothing else of Electron. */
import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, canAutostartChannel, operatorTokenChannel, showDisplayChannel } from './bridge.ts';

const bridge: Bridge = {
  operatorToken: () => ipcRenderer.invoke(operatorTokenChannel),
  canAutostart: () => ipcRenderer.invoke(canAutostartChannel),
  showDisplay: () => ipcRenderer.invoke(showDisplayChannel),
};

contextBridge.exposeInMainWorld('mostrador', bridge);
