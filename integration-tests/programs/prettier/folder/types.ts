type A<T>={ [K in keyof T]?:T[K] }|undefined
export   interface B extends A<string>{ readonly x :number; y( z?: string ):void }
enum C{D=1,E} declare module "m"{ export const n:unique symbol }
function f<T extends object>(this:Window, ...r:T[]):asserts r is T[]{ }
abstract class G<T>{ constructor(private readonly h:T, public i?:string){} abstract j():Promise<T> }
