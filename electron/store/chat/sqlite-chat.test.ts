import { describe } from 'vitest';
import { openSqlite } from '../sqlite.ts';
import { chatContract } from './chat-contract.ts';

describe('SQLite', () => chatContract(async () => openSqlite(':memory:').chat));
