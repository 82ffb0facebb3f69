/** Of each file of the pages' tests: a test's second try begins in places where nobody has been. */
import { beforeEach } from 'vitest';
import { renewPlaces } from './place.ts';

beforeEach(async ({ task }) => {
  if ((task.result?.retryCount ?? 0) > 0) await renewPlaces();
});
