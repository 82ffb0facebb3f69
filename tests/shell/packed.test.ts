/** The app as it is packed: around a stand-in for Electron's runtime, so that it can be tried without a network. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageProcess } from '../../electron/shell/image-process.ts';
import { createImageWork } from '../../electron/images/process.ts';
import { itBoots } from './boots.ts';
import { standIn } from './electron-stand-in.ts';
import { newDataDir, onStandIn, repo } from './launchers.ts';

const possible = process.platform === 'linux';
