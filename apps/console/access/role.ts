import type { Role } from '#postgres';
import { z } from 'zod';

/** Roles; each includes the rights of the one before it. */
const roles = ['viewer', 'editor', 'admin'] as const satisfies readonly Role[];
export const roleSchema = z.enum(roles);

export const allows = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
