using System.Numerics;
using System.Security.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>Points of the curve P-256 in compressed form (SEC 1 section 2.3), which Multikey uses and the base library does not read.</summary>
internal static class P256Point
{
    private static readonly BigInteger Prime = Number("00ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Number("005ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    public static byte[] Compress(ECPoint point)
    {
        byte[] compressed = new byte[33];
        compressed[0] = (byte)(2 + (point.Y![^1] & 1));
        point.X!.CopyTo(compressed, 1);
        return compressed;
    }

    public static ECPoint Decompress(ReadOnlySpan<byte> compressed)
    {
        if (compressed.Length != 33 || compressed[0] is not (2 or 3)) throw NotAPoint();
        BigInteger x = new(compressed[1..], isUnsigned: true, isBigEndian: true);
        if (x >= Prime) throw NotAPoint();

        // y² = x³ - 3x + b; the prime is 3 modulo 4, so a root is the power (p + 1) / 4.
        BigInteger square = BigInteger.Remainder((x * x * x) - (3 * x) + B, Prime);
        if (square.Sign < 0) square += Prime;
        BigInteger y = BigInteger.ModPow(square, (Prime + 1) / 4, Prime);
        if (BigInteger.Remainder(y * y, Prime) != square) throw NotAPoint();
        if (y.IsEven != (compressed[0] == 2)) y = Prime - y;
        return new ECPoint { X = compressed[1..].ToArray(), Y = Fixed(y) };
    }

    /// <summary>Lets the base library check that the point lies on the curve.</summary>
    public static ECParameters Import(ECPoint point)
    {
        ECParameters parameters = new() { Curve = ECCurve.NamedCurves.nistP256, Q = point };
        try
        {
            using ECDsa key = ECDsa.Create(parameters);
            return key.ExportParameters(false);
        }
        catch (CryptographicException)
        {
            throw NotAPoint();
        }
    }

    private static KeyException NotAPoint() => new("The public key is not a point of the curve P-256.");

    private static BigInteger Number(string hex) => BigInteger.Parse(hex, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Fixed(BigInteger value)
    {
        byte[] bytes = new byte[32];
        byte[] digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return bytes;
    }
}
