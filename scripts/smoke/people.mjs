export const ada = { email: 'ada@example.com', password: 'correct horse battery' }
export const grace = { email: 'grace@example.com', password: 'nanoseconds of wire' }
