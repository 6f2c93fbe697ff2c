// qrx: input phi
OPENQASM 3.0;
include "stdgates.inc";
const int n = 4;
input float[64] x0; input float phi; input array[float[64], n] w;
gate f(a, b) q, r { h q; for int i in [1:3] { cp(a/2**i) q, r; rx(i - b) q; } sx r; gphase(a/2); }
qubit[n] q;
bit[2] c;
reset q;
for uint i in {3, 0} { ry(x0*2 - pi/3) q[i]; }
ctrl @ f(phi, w[0] + 2*w[-1]) q[0], q[1], q[2];
negctrl(2) @ inv @ pow(2) @ f(0.5, x0) q[3], q[0], q[1], q[2];
ctrl @ gphase(-x0) q[1];
cx q[0], q[1:2:3];
u3(x0, phi, w[1]) q[{0, -1}];
c = measure q[0:1];
// qrx: observable 0.5 ZZII + -1.5 XIXI
// qrx: observable IIIY
