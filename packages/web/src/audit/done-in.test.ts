import { describe, expect, test } from 'vitest';
import { doneIn } from './done-in.ts';

const entry = (action: string, operation: string) => ({ action, details: { operation, outcome: 'done' } });

describe('the audit log says what was really done', () => {
  test('whoever issued a notice, and whoever acknowledged it, did not "approve" it', () => {
    expect(doneIn(entry('approve', 'POST /api/v1/notices/:id/issue'), 'zh')).toBe('签发');
    expect(doneIn(entry('approve', 'POST /api/v1/notices/:id/receipts'), 'en')).toBe('Acknowledge receipt');
    expect(doneIn(entry('approve', 'POST /api/v1/notices/:id/approve'), 'zh')).toBe('批准');
  });

  test('what has no step of its own is called by its action, also when only a newer version knows it', () => {
    expect(doneIn(entry('update', 'PATCH /api/v1/organizations/:id'), 'en')).toBe('Change');
    expect(doneIn({ action: 'teleport', details: {} }, 'en')).toBe('teleport');
  });
});
