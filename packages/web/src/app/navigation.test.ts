import { permissionsOf, ROLES, type Role, roleMay } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { isAt, placesOf } from './navigation.ts';

const placesFor = (role: Role) => placesOf({ permissions: permissionsOf(role) });

describe('whoever may read replies', () => {
  const readers = ROLES.filter((role) => roleMay(role, { object: 'reply', action: 'read' }));
  test.each(readers)('has one place in the navigation that leads to them: %s', (role) => {
    const place = roleMay(role, { object: 'notice', action: 'read' }) ? '/notices' : '/replies';
    expect(
      placesFor(role)
        .filter((one) => isAt(one, '/replies'))
        .map(({ to }) => to),
    ).toEqual([place]);
  });
});

test('whoever may read neither has no place for them', () => {
  for (const role of ['technical-support', 'observer'] as const)
    expect(placesFor(role).filter((one) => isAt(one, '/replies'))).toEqual([]);
});
