// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.List;

/** The curve of all keys that the agent judges or makes. */
public final class P256 {

    public static final ECParameterSpec PARAMETERS = parameters();

    private P256() {}

    /** Whether a point lies on the curve: y² = x³ + ax + b, both coordinates in the field. */
    static boolean has(ECPoint point) {
        BigInteger p = prime();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        return x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.pow(2).subtract(ySquared(x)).mod(p).signum() == 0;
    }

    /** The two points of the curve that have this x, which some point of it must have. */
    public static List<ECPoint> pointsAt(BigInteger x) {
        BigInteger p = prime();
        // A square root, because this p is 3 modulo 4.
        BigInteger y = ySquared(x).modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        return List.of(new ECPoint(x, y), new ECPoint(x, p.subtract(y)));
    }

    private static BigInteger prime() {
        return ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();
    }

    private static BigInteger ySquared(BigInteger x) {
        EllipticCurve curve = PARAMETERS.getCurve();
        return x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(prime());
    }

    /**
     * Whether a half of a signature is one that a signer can have made: neither 0 nor too large.
     */
    static boolean hasScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(PARAMETERS.getOrder()) < 0;
    }

    private static ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no P-256", e);
        }
    }
}
