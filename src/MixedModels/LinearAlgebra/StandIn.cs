#pragma warning disable
namespace MixedModels.LinearAlgebra;
internal static class Vectors {
 public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b){double s=0;for(int i=0;i<a.Length;i++)s+=a[i]*b[i];return s;}
 public static void Add(double f, ReadOnlySpan<double> a, Span<double> b){for(int i=0;i<a.Length;i++)b[i]+=f*a[i];}
 public static void Scale(double f, Span<double> b){for(int i=0;i<b.Length;i++)b[i]*=f;}
 public static double Norm(ReadOnlySpan<double> a)=>Math.Sqrt(Dot(a,a));
}
internal static class Cholesky { public static int Factor(Span<double> A,int n,int lda){ for(int j=0;j<n;j++){ for(int k=0;k<j;k++){var f=A[j+k*lda]; if(f!=0) for(int i=j;i<n;i++)A[i+j*lda]-=f*A[i+k*lda];} var d=A[j+j*lda]; if(!(d>0))return j; d=Math.Sqrt(d); for(int i=j;i<n;i++)A[i+j*lda]/=d;} return -1;} }
internal static class TriangularSolve {
 public static void Lower(ReadOnlySpan<double> L,int n,int ldl,Span<double> B,int c,int ldb){for(int k=0;k<c;k++){for(int j=0;j<n;j++){var v=B[j+k*ldb]/=L[j+j*ldl];for(int i=j+1;i<n;i++)B[i+k*ldb]-=v*L[i+j*ldl];}}}
 public static void LowerTransposed(ReadOnlySpan<double> L,int n,int ldl,Span<double> B,int c,int ldb){for(int k=0;k<c;k++){for(int j=n-1;j>=0;j--){var s=B[j+k*ldb];for(int i=j+1;i<n;i++)s-=B[i+k*ldb]*L[i+j*ldl];B[j+k*ldb]=s/L[j+j*ldl];}}}
}
internal static class SymmetricInverse { public static void FromCholesky(Span<double> L,int n,int ldl){ var X=new double[n*n]; for(int j=0;j<n;j++)X[j+j*n]=1; TriangularSolve.Lower(L,n,ldl,X,n,n); TriangularSolve.LowerTransposed(L,n,ldl,X,n,n); for(int j=0;j<n;j++)for(int i=j;i<n;i++)L[i+j*ldl]=X[i+j*n]; } }
internal static class Product {
 public static void Add(double alpha,ReadOnlySpan<double> A,int lda,bool ta,ReadOnlySpan<double> B,int ldb,bool tb,Span<double> C,int ldc,int m,int n,int k){for(int j=0;j<n;j++)for(int l=0;l<k;l++){var b=alpha*(tb?B[j+l*ldb]:B[l+j*ldb]);for(int i=0;i<m;i++)C[i+j*ldc]+=b*(ta?A[l+i*lda]:A[i+l*lda]);}}
 public static void AddSymmetricRankUpdate(double alpha,ReadOnlySpan<double> A,int lda,bool ta,Span<double> C,int ldc,int n,int k){for(int j=0;j<n;j++)for(int l=0;l<k;l++){var b=alpha*(ta?A[l+j*lda]:A[j+l*lda]);for(int i=j;i<n;i++)C[i+j*ldc]+=b*(ta?A[l+i*lda]:A[i+l*lda]);}}
}
internal static class Symmetric { public static void MirrorLower(Span<double> A,int n,int lda){for(int j=0;j<n;j++)for(int i=j+1;i<n;i++)A[j+i*lda]=A[i+j*lda];} }
internal static class SymmetricEigen { public static void Decompose(ReadOnlySpan<double> A,int n,Span<double> d,Span<double> V){ var a=A.ToArray(); V.Clear(); for(int i=0;i<n;i++)V[i+i*n]=1; for(int s=0;s<60;s++){double off=0;for(int p=0;p<n;p++)for(int q=p+1;q<n;q++)off+=a[p+q*n]*a[p+q*n]; if(off<1e-300)break; for(int p=0;p<n;p++)for(int q=p+1;q<n;q++){var apq=a[p+q*n]; if(apq==0)continue; var th=(a[q+q*n]-a[p+p*n])/(2*apq); var t=Math.Sign(th)/(Math.Abs(th)+Math.Sqrt(th*th+1)); if(th==0)t=1; var c=1/Math.Sqrt(t*t+1); var sn=t*c; for(int k=0;k<n;k++){var x=a[k+p*n];var y=a[k+q*n];a[k+p*n]=c*x-sn*y;a[k+q*n]=sn*x+c*y;} for(int k=0;k<n;k++){var x=a[p+k*n];var y=a[q+k*n];a[p+k*n]=c*x-sn*y;a[q+k*n]=sn*x+c*y;} for(int k=0;k<n;k++){var x=V[k+p*n];var y=V[k+q*n];V[k+p*n]=c*x-sn*y;V[k+q*n]=sn*x+c*y;}}} var idx=Enumerable.Range(0,n).OrderBy(i=>a[i+i*n]).ToArray(); var v2=V.ToArray(); for(int k=0;k<n;k++){d[k]=a[idx[k]+idx[k]*n]; for(int i=0;i<n;i++)V[i+k*n]=v2[i+idx[k]*n];} } }
