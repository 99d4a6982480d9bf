/** Who acts by the API: the token's bearer; people get accounts of their own once there are several. */
export const OPERATOR = 'operator';
